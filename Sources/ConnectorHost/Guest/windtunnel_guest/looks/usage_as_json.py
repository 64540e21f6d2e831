"""Whether `json.dumps` takes what `get_resource_usage` returns. Parameter: `instance`.

Finds True, the exception as text where it refuses, or None where there was nothing to try.
"""

import json


def look(session, parameters):
    try:
        usage = session.instance(parameters).get_resource_usage()
    except Exception:
        return None
    try:
        json.dumps(usage)
    except (TypeError, ValueError, RecursionError) as error:
        return "%s: %s" % (type(error).__name__, error)
    return True
