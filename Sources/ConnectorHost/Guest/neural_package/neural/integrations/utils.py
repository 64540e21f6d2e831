"""Helpers for connectors and for the programs that use them."""

import functools
import json
import os
import tempfile
import time
from typing import Any, Callable, Dict, Optional

from neural.exceptions import FileOperationError

from .types import JobResult, JobStatus

DEFAULT_FILE = os.path.join("~", ".neural", "credentials.json")
ENDED = (JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED)


def save_credentials_to_file(credentials: Dict[str, Any], filepath: Optional[str] = None) -> None:
    """Writes the credentials as JSON to a file that only its owner can read.

    The file is complete or untouched: it is written beside its place, never wider than 0600, and then renamed.
    Raises `FileOperationError`.
    """
    path = os.path.expanduser(filepath or DEFAULT_FILE)
    folder = os.path.dirname(os.path.abspath(path))
    try:
        text = json.dumps(credentials, indent=2)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        # mkstemp opens with 0600 and O_EXCL: no other mode for an instant, and nobody else's file.
        descriptor, beside = tempfile.mkstemp(prefix=".credentials-", dir=folder)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                os.fchmod(file.fileno(), 0o600)
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        except BaseException:
            os.unlink(beside)
            raise
    except (OSError, TypeError, ValueError) as error:
        raise FileOperationError(f"cannot save credentials to {path}: {error}") from error


def load_credentials_from_file(filepath: Optional[str] = None) -> Dict[str, Any]:
    """The credentials that were saved. Raises `FileOperationError` if the file is missing or holds something else."""
    path = os.path.expanduser(filepath or DEFAULT_FILE)
    try:
        with open(path, encoding="utf-8") as file:
            credentials = json.load(file)
    except (OSError, ValueError, RecursionError) as error:
        # The decoder's own message may quote the file, which holds secrets.
        reason = error.strerror if isinstance(error, OSError) else "it is not JSON"
        raise FileOperationError(f"cannot load credentials from {path}: {reason}") from None
    if not isinstance(credentials, dict):
        raise FileOperationError(f"cannot load credentials from {path}: it holds no object")
    return credentials


def wait_for_job(connector: Any, job_id: str, poll_interval: float = 30, timeout: float = 3600) -> JobResult:
    """Asks for the status until the job has ended, and returns its result. `TimeoutError` after `timeout` seconds."""
    start = time.monotonic()
    while connector.get_job_status(job_id) not in ENDED:
        waited = time.monotonic() - start
        if waited >= timeout:
            raise TimeoutError(f"job {job_id} did not end within {timeout} s")
        time.sleep(min(poll_interval, timeout - waited))
    return connector.get_job_result(job_id)


def retry(max_attempts: int = 3, delay: float = 1) -> Callable:
    """Decorator: calls again after an exception, `max_attempts` times in all, with pauses of delay, 2 delay, 4 delay, ..."""
    if max_attempts < 1:
        raise ValueError("max_attempts is below 1")

    def decorate(function: Callable) -> Callable:
        @functools.wraps(function)
        def attempt(*args: Any, **kwargs: Any) -> Any:
            for number in range(max_attempts - 1):
                try:
                    return function(*args, **kwargs)
                except Exception:
                    time.sleep(delay * 2**number)
            return function(*args, **kwargs)

        return attempt

    return decorate
