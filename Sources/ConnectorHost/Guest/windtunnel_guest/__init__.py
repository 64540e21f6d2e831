"""The side of the harness that lives in the connector's own interpreter. Standard library only, Python 3.9 and newer."""
