"""The base class of every connector."""

from abc import ABC, abstractmethod
from typing import Any, Dict, List, Optional, Union

from .types import JobResult, JobStatus, ResourceConfig


class BaseConnector(ABC):
    """Seven methods to implement, and five that a platform may lack."""

    def __init__(self, credentials: Optional[Dict[str, Any]] = None):
        self.credentials = {} if credentials is None else credentials
        self.authenticated = False

    @abstractmethod
    def authenticate(self) -> bool:
        """True if the platform accepts the credentials. Raises `CloudConnectionError` if it cannot be asked."""

    @abstractmethod
    def submit_job(
        self,
        code: str,
        resource_config: Optional[ResourceConfig] = None,
        environment: Optional[Dict[str, str]] = None,
        dependencies: Optional[List[str]] = None,
        job_name: Optional[str] = None,
    ) -> str:
        """The new job's id. Raises `CloudExecutionError` if the platform does not take the job."""

    @abstractmethod
    def get_job_status(self, job_id: str) -> JobStatus:
        """Where the job stands now."""

    @abstractmethod
    def get_job_result(self, job_id: str) -> JobResult:
        """What came of the job."""

    @abstractmethod
    def cancel_job(self, job_id: str) -> bool:
        """True if the job was stopped by this call."""

    @abstractmethod
    def list_jobs(self, limit: int = 10, status_filter: Optional[Union[JobStatus, str]] = None) -> List[Dict[str, Any]]:
        """The latest jobs, newest first, at most `limit` of those that match."""

    @abstractmethod
    def get_logs(self, job_id: str) -> str:
        """What the job wrote."""

    def deploy_model(
        self, model_path: str, endpoint_name: str, resource_config: Optional[ResourceConfig] = None
    ) -> str:
        """The address or id of a new endpoint that serves the model."""
        raise NotImplementedError(self._lacks("deploy_model"))

    def delete_endpoint(self, endpoint_name: str) -> bool:
        """True if the endpoint was there and is gone."""
        raise NotImplementedError(self._lacks("delete_endpoint"))

    def upload_file(self, local_path: str, remote_path: str) -> bool:
        """True if the platform has the file."""
        raise NotImplementedError(self._lacks("upload_file"))

    def download_file(self, remote_path: str, local_path: str) -> bool:
        """True if the file is here."""
        raise NotImplementedError(self._lacks("download_file"))

    def get_resource_usage(self) -> Dict[str, Any]:
        """What ran on the platform, in figures."""
        raise NotImplementedError(self._lacks("get_resource_usage"))

    def _lacks(self, method: str) -> str:
        return f"{type(self).__name__} does not support {method}"
