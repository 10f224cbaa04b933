"""Index files of one table: beside each larger data file, in a folder that readers and VACUUM take for hidden.

What was read of them is kept in a folder of the local disk, which may be lost at any time, and is mapped into memory
from there: the system takes that memory back when it needs it.
"""

from __future__ import annotations

import logging
from collections.abc import Container
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote

import pyarrow as pa

from cdc.lake.index_part import HEADER_BYTES, SECTIONS, DamagedIndex, Header, IndexPart, OtherKey
from cdc.lake.storage import Storage

log = logging.getLogger("cdc")

FOLDER = "_key_index"
"""VACUUM of Spark and of delta-rs leaves folders alone whose name begins so"""
_SUFFIX = ".keys"


def index_path(location: str) -> str:
    """Of the index file of a data file, both in the table."""
    return f"{FOLDER}/{quote(location, safe='')}{_SUFFIX}"


def indexed_location(path: str) -> str | None:
    """The other way round; None when it is the path of something else."""
    name = path.removeprefix(f"{FOLDER}/")
    return unquote(name.removesuffix(_SUFFIX)) if name != path and name.endswith(_SUFFIX) else None


class IndexFiles:
    """Reads and writes them."""

    def __init__(self, storage: Storage, local: Path) -> None:
        """local: a folder of this table alone."""
        self._storage = storage
        self._local = local

    def write(self, path: str, part: IndexPart, made_for: bytes) -> IndexPart:
        """made_for: 16 bytes, of the table and its key. Returns the part as it is read again, out of memory."""
        self._storage.put(path, part.encoded(made_for))
        self._keep(path, "header", memoryview(part.header.encoded(made_for)))
        for section in range(SECTIONS):
            self._keep(path, str(section), part.section(section))
        return self.read(path, made_for) or part

    def read(self, path: str, made_for: bytes) -> IndexPart | None:
        """None: there is none, or it is of no use, which the log says.

        Its sections are read when they are needed, which may raise DamagedIndex or FileNotFoundError.
        """
        try:
            header = self._header(path, made_for)
        except (FileNotFoundError, OtherKey):
            return None
        except DamagedIndex as error:
            self.say_damaged(path, error)
            return None
        return IndexPart(header, lambda section: self._section(path, header, section))

    def say_damaged(self, path: str, error: Exception) -> None:
        log.warning("%s/%s is not used any more: %s", self._storage.name, path, error)

    def drop(self, path: str) -> None:
        """Forgets what the local disk has of it."""
        for what in ("header", *map(str, range(SECTIONS))):
            with suppress(OSError):
                self._local_path(path, what).unlink(missing_ok=True)

    def keep_only(self, paths: Container[str]) -> None:
        """Removes everything else from the local disk."""
        with suppress(OSError):
            for file in list(self._local.iterdir()):
                if f"{FOLDER}/{file.name.rpartition('.')[0]}" not in paths:
                    file.unlink(missing_ok=True)

    def _header(self, path: str, made_for: bytes) -> Header:
        with suppress(OSError, DamagedIndex):
            return Header.decoded(self._local_path(path, "header").read_bytes(), made_for)
        size = self._storage.size(path)
        if size < HEADER_BYTES:
            raise DamagedIndex("it is cut")
        content = self._storage.get_range(path, 0, HEADER_BYTES)
        header = Header.decoded(content, made_for)
        if header.file_size != size:
            raise DamagedIndex("it is cut")
        self._keep(path, "header", memoryview(content))
        return header

    def _section(self, path: str, header: Header, section: int) -> memoryview:
        start, length = header.place(section)
        if not length:
            return memoryview(b"")
        local = self._mapped(path, section)
        if local is not None:
            with suppress(DamagedIndex):
                return header.checked(section, local)
        content = header.checked(section, memoryview(self._storage.get_range(path, start, length)))
        self._keep(path, str(section), content)
        return self._mapped(path, section) or content

    def _mapped(self, path: str, section: int) -> memoryview | None:
        # Closed at once: the mapping stays, and no file is open.
        with suppress(OSError, pa.ArrowInvalid), pa.memory_map(str(self._local_path(path, str(section)))) as file:
            return memoryview(file.read_buffer())
        return None

    def _keep(self, path: str, what: str, content: memoryview) -> None:
        """Without it, such as when the disk is full, it is read again from the table when the process starts again."""
        target = self._local_path(path, what)
        part = target.with_name(target.name + "~")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            part.replace(target)
        except OSError as error:
            log.warning("%s is not kept on the local disk: %s", path, error)
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def _local_path(self, path: str, what: str) -> Path:
        return self._local / f"{path.removeprefix(f'{FOLDER}/')}.{what}"
