"""Whether results share their containers. Parameters: `instance`, `job` and, for another job's result, `other`.

Finds, for `metrics` and `artifacts`: `same` (two results of one job are one object there, or a change of one shows in
the other), `later` (it shows in a result fetched afterwards), `across` (it shows in the other job's result).
"""

MARK = "windtunnel-was-here"


def look(session, parameters):
    connector = session.instance(parameters)
    job = parameters["job"]
    first, second = connector.get_job_result(job), connector.get_job_result(job)
    other = connector.get_job_result(parameters["other"]) if parameters.get("other") else None
    found = {}
    for name in ("metrics", "artifacts"):
        _mark(getattr(first, name, None))
        found[name] = {
            "same": _marked(second, name),
            "across": None if other is None else _marked(other, name),
        }
    later = connector.get_job_result(job)
    for name in ("metrics", "artifacts"):
        found[name]["later"] = _marked(later, name)
    return found


def _mark(container):
    if isinstance(container, dict):
        container[MARK] = MARK
    elif isinstance(container, list):
        container.append(MARK)


def _marked(result, name):
    container = getattr(result, name, None)
    return isinstance(container, (dict, list)) and MARK in container
