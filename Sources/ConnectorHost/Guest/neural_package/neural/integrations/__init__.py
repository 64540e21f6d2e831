"""Base classes and helpers for connectors to ML platforms."""

from .base import BaseConnector
from .types import JobResult, JobStatus, ResourceConfig
from .utils import load_credentials_from_file, retry, save_credentials_to_file, wait_for_job

__all__ = [
    "BaseConnector",
    "JobResult",
    "JobStatus",
    "ResourceConfig",
    "load_credentials_from_file",
    "retry",
    "save_credentials_to_file",
    "wait_for_job",
]
