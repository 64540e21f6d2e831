"""Whether instances of the contract's dataclasses share their default containers: a bool for each field, or why not."""


def look(session, parameters):
    config = session.contract.ResourceConfig
    result = session.contract.JobResult
    status = session.contract.JobStatus.UNKNOWN
    return {
        "custom_params": _shared(lambda: config(instance_type="a"), "custom_params"),
        "metrics": _shared(lambda: result(job_id="a", status=status), "metrics"),
        "artifacts": _shared(lambda: result(job_id="a", status=status), "artifacts"),
    }


def _shared(make, name):
    try:
        first, second = getattr(make(), name), getattr(make(), name)
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)
    return first is second and first is not None
