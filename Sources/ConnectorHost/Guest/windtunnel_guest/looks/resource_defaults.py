"""The fields of `ResourceConfig(instance_type="x")` and of `JobResult("x", UNKNOWN)`, and the values of `JobStatus`."""


def look(session, parameters):
    contract = session.contract
    return {
        "ResourceConfig": _fields(lambda: contract.ResourceConfig(instance_type="x")),
        "JobResult": _fields(lambda: contract.JobResult(job_id="x", status=contract.JobStatus.UNKNOWN)),
        "JobStatus": {member.name: member.value for member in contract.JobStatus},
        "instance_type_required": _raises(contract.ResourceConfig),
    }


def _fields(make):
    try:
        return dict(vars(make()))
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)


def _raises(make):
    try:
        make()
        return False
    except TypeError:
        return True
