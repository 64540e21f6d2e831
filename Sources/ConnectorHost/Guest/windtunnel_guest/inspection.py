"""What can be seen of the class and of the `neural` package without calling the connector."""

import platform

from . import values
from .looks import LOOKS

OPTIONAL = ("deploy_model", "delete_endpoint", "upload_file", "download_file", "get_resource_usage")
# Looks that need no connector: part of every inspection, under their names.
NEURAL = ("default_sharing", "exception_hierarchy", "resource_defaults")


def inspection(session):
    contract = session.contract
    findings = [[name, values.encode(LOOKS[name](session, {}), contract)] for name in NEURAL]
    if not contract.own:
        findings.append(["why_not_own", values.encode(contract.reason)])
    return {
        "overridden": [name for name in OPTIONAL if _defines(session.kind, name, contract.BaseConnector)],
        "ownNeural": contract.own,
        "python": platform.python_version(),
        "neural": findings,
    }


def _defines(kind, name, base):
    return any(name in vars(ancestor) for ancestor in kind.__mro__ if ancestor is not base)
