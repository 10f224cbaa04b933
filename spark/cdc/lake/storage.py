"""Files of the lake: an object store's bucket, or a local folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlparse

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, S3Store


class AlreadyExists(Exception):
    """A file that must be new is there already: somebody else wrote it."""


@dataclass(frozen=True)
class StoredFile:
    name: str
    modified: int
    """milliseconds since 1970, by the store's clock"""
    size: int
    """bytes"""


class Storage:
    """A folder of the lake. All paths are relative to it."""

    def __init__(self, store: Any, folder: str = "") -> None:
        self._store = store
        self._folder = folder.strip("/")

    @property
    def name(self) -> str:
        """For messages."""
        return self._folder

    def folder(self, path: str) -> Storage:
        return Storage(self._store, self._path(path.strip("/")))

    def put(self, path: str, content: bytes | memoryview) -> None:
        obstore.put(self._store, self._path(path), content)

    def create(self, path: str, content: bytes) -> None:
        """Writes a file that must be new. Raises AlreadyExists when it is not: of two writers one loses."""
        try:
            # A multipart upload takes no condition.
            obstore.put(self._store, self._path(path), content, mode="create", use_multipart=False)
        except AlreadyExistsError as error:
            raise AlreadyExists(path) from error

    def get(self, path: str) -> bytes:
        """Raises FileNotFoundError."""
        return bytes(obstore.get(self._store, self._path(path)).bytes())

    def exists(self, path: str) -> bool:
        try:
            obstore.head(self._store, self._path(path))
        except FileNotFoundError:
            return False
        return True

    def size(self, path: str) -> int:
        """Bytes of a file. Raises FileNotFoundError."""
        return obstore.head(self._store, self._path(path))["size"]

    def get_range(self, path: str, start: int, length: int) -> bytes:
        return bytes(obstore.get_range(self._store, self._path(path), start=start, length=length))

    def delete_all(self, paths: Iterable[str]) -> None:
        """Removes files, many in one request where the store can; those that are gone already do not matter."""
        remaining = [self._path(path) for path in paths]
        if not remaining:
            return
        try:
            obstore.delete(self._store, remaining)
        except FileNotFoundError:  # of a local folder, which stops at the first one
            for path in remaining:
                with suppress(FileNotFoundError):
                    obstore.delete(self._store, path)

    def files(self, folder: str = "") -> list[StoredFile]:
        """Files in a folder, without those in folders of it; none when there is no such folder."""
        path = self._path(folder) if folder else self._folder
        found = obstore.list_with_delimiter(self._store, path or None)["objects"]
        return [
            StoredFile(
                entry["path"].rsplit("/", 1)[-1], round(entry["last_modified"].timestamp() * 1000), entry["size"]
            )
            for entry in found
        ]

    def tree(self, folder: str = "") -> list[str]:
        """Paths of all files in a folder and in the folders of it, relative to it, sorted."""
        path = self._path(folder) if folder else self._folder
        found = (entry["path"] for batch in obstore.list(self._store, path or None) for entry in batch)
        return sorted(file[len(path) + 1 :] if path else file for file in found)

    def names(self, folder: str, after: str = "") -> Iterator[str]:
        """Names of a folder's files, sorted, those behind the name `after`."""
        path = self._path(folder)
        offset = f"{path}/{after}" if after else None
        found = (entry["path"] for batch in obstore.list(self._store, path, offset=offset) for entry in batch)
        yield from sorted(name for name in (file[len(path) + 1 :] for file in found) if "/" not in name)

    def _path(self, path: str) -> str:
        return f"{self._folder}/{path}" if self._folder else path


def open_storage(url: str, s3: dict[str, str] | None = None) -> Storage:
    """The folder that a URL (s3a://bucket/folder, file:/folder) names.

    s3: obstore's settings for S3: endpoint, access_key_id, secret_access_key, region; and path_style, `false` where the
    bucket is part of the host's name. Raises ValueError for another kind of URL.
    """
    parts = urlparse(url)
    if parts.scheme in ("s3", "s3a"):
        settings: dict[str, Any] = dict(s3 or {})
        virtual = settings.pop("path_style", "true") == "false"
        endpoint = settings.get("endpoint", "")
        if virtual and endpoint:
            settings["endpoint"] = endpoint.replace("://", f"://{parts.netloc}.", 1)
        store = S3Store(
            parts.netloc,
            **settings,
            virtual_hosted_style_request=virtual,
            client_options={"allow_http": endpoint.startswith("http://")},
        )
        return Storage(store, unquote(parts.path))
    if parts.scheme == "file":
        return Storage(LocalStore(unquote(parts.path), mkdir=True))
    raise ValueError(f"{url}: the lake tables can lie in s3a:// or file: only")
