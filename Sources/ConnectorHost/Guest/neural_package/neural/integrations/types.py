"""The values that pass between a program and a connector."""

import enum
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional


class JobStatus(enum.Enum):
    """Where a job stands."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass
class ResourceConfig:
    """What a job asks of the machine that it runs on."""

    instance_type: str
    gpu_enabled: bool = False
    gpu_count: int = 0
    memory_gb: Optional[int] = None
    cpu_count: Optional[int] = None
    disk_size_gb: Optional[int] = None
    max_runtime_hours: Optional[int] = None
    auto_shutdown: bool = True
    custom_params: Dict[str, Any] = field(default_factory=dict)


@dataclass
class JobResult:
    """What came of a job."""

    job_id: str
    status: JobStatus
    output: Optional[str] = None
    error: Optional[str] = None
    metrics: Dict[str, Any] = field(default_factory=dict)
    artifacts: List[str] = field(default_factory=list)
    logs_url: Optional[str] = None
    duration_seconds: Optional[float] = None
