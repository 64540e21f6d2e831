"""What goes wrong between a program and a cloud platform."""


class NeuralException(Exception):
    """Any error of this package."""


class CloudException(NeuralException):
    """A platform, or the way to it, failed."""


class CloudConnectionError(CloudException):
    """The platform cannot be reached, or does not accept the credentials."""


class CloudExecutionError(CloudException):
    """The platform did not take a job."""


class FileOperationError(NeuralException):
    """A file cannot be read or written, or does not hold what it should."""
