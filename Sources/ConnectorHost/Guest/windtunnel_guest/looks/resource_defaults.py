"""The fields of `ResourceConfig(instance_type="x")` and of `JobResult("x", UNKNOWN)`, and the values of `JobStatus`."""

import dataclasses

# Read by name, so that it does not matter how a class keeps its fields.
RESOURCE_FIELDS = (
    "instance_type", "gpu_enabled", "gpu_count", "memory_gb", "cpu_count", "disk_size_gb", "max_runtime_hours", "auto_shutdown",
    "custom_params",
)
RESULT_FIELDS = ("job_id", "status", "output", "error", "metrics", "artifacts", "logs_url", "duration_seconds")


def look(session, parameters):
    contract = session.contract
    return {
        "ResourceConfig": _fields(lambda: contract.ResourceConfig(instance_type="x"), RESOURCE_FIELDS),
        "JobResult": _fields(lambda: contract.JobResult(job_id="x", status=contract.JobStatus.UNKNOWN), RESULT_FIELDS),
        "JobStatus": {member.name: member.value for member in contract.JobStatus},
        "instance_type_required": _raises(contract.ResourceConfig),
    }


def _fields(make, documented):
    try:
        made = make()
        others = [field.name for field in dataclasses.fields(made)] if dataclasses.is_dataclass(made) else []
        names = list(documented) + [name for name in others if name not in documented]
        return {name: getattr(made, name) for name in names if hasattr(made, name)}
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)


def _raises(make):
    try:
        make()
        return False
    except TypeError:
        return True
