"""One writer a lake: two drivers that commit to the same Delta table on S3 could overwrite each other's commits."""

import fcntl
import hashlib
import tempfile
import time
from pathlib import Path
from typing import IO

_PATIENCE_SECONDS = 15


class LakeInUse(Exception):
    """Another streaming application writes to this lake; the text says which."""


def lock_lake(lake: str, name: str, process_id: int, patience: float = _PATIENCE_SECONDS) -> IO[str]:
    """Holds the lake for this process, among all drivers of this machine, until the returned file is closed.

    Waits up to `patience` seconds for a driver that is going down. Raises LakeInUse after that.
    """
    path = Path(tempfile.gettempdir()) / f"lake-{hashlib.sha256(lake.encode()).hexdigest()[:16]}.lock"
    lock = path.open("a+", encoding="utf-8")
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                lock.seek(0)
                raise LakeInUse(
                    f"{lake} is already written to by {lock.read().strip() or 'another application'}; "
                    "stop that one first (in spark-client: application stop NAME), or choose another --lake"
                ) from error
            time.sleep(0.2)
    lock.truncate(0)
    lock.write(f"application '{name}' (process {process_id})")
    lock.flush()
    return lock
