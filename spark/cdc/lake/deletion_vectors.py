"""Deletion vectors: which rows of a Parquet file are no longer part of the table.

Source of the format: the Delta protocol's section "Deletion Vectors".
"""

from __future__ import annotations

import struct
import uuid
import zlib
from collections.abc import Sequence
from typing import Any

from pyroaring import BitMap, BitMap64

_MAGIC = 1681511377
_FILE_VERSION = b"\x01"
_Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
_Z85_DIGIT = {letter: digit for digit, letter in enumerate(_Z85)}
_UUID_LETTERS = 20

Descriptor = dict[str, Any]
"""A vector as the table's log names it: storageType, pathOrInlineDv, offset, sizeInBytes, cardinality."""


def deletion_vector_file(vectors: Sequence[BitMap]) -> tuple[str, bytes, list[Descriptor]]:
    """One file with several vectors: its path in the table, its content, and each vector's descriptor."""
    name = uuid.uuid4()
    content = bytearray(_FILE_VERSION)
    descriptors = []
    for vector in vectors:
        data = _serialized(vector)
        descriptors.append(
            {
                "storageType": "u",
                "pathOrInlineDv": _z85_encoded(name.bytes),
                "offset": len(content),
                "sizeInBytes": len(data),
                "cardinality": len(vector),
            }
        )
        content += struct.pack(">i", len(data)) + data + struct.pack(">I", zlib.crc32(data))
    return f"deletion_vector_{name}.bin", bytes(content), descriptors


def stored_at(descriptor: Descriptor) -> tuple[str, int, int] | None:
    """Path in the table, offset and length of a vector in a file; None when it is inline.

    Raises ValueError for one outside the table, which only a cloned table has.
    """
    kind, text = descriptor["storageType"], descriptor["pathOrInlineDv"]
    if kind == "i":
        return None
    if kind != "u":
        raise ValueError(f"a deletion vector of kind {kind!r} is not supported")
    prefix, name = text[:-_UUID_LETTERS], uuid.UUID(bytes=_z85_decoded(text[-_UUID_LETTERS:]))
    folder = f"{prefix}/" if prefix else ""
    return f"{folder}deletion_vector_{name}.bin", descriptor.get("offset") or 0, descriptor["sizeInBytes"] + 8


def read_vector(descriptor: Descriptor, stored: bytes | None) -> BitMap:
    """stored: what is at `stored_at`. Raises ValueError when it is damaged."""
    if stored is None:
        return _deserialized(_z85_decoded(descriptor["pathOrInlineDv"])[: descriptor["sizeInBytes"]])
    (size,) = struct.unpack_from(">i", stored)
    data = stored[4 : 4 + size]
    (checksum,) = struct.unpack_from(">I", stored, 4 + size)
    if size != descriptor["sizeInBytes"] or zlib.crc32(data) != checksum:
        raise ValueError(f"deletion vector {descriptor['pathOrInlineDv']} is damaged")
    return _deserialized(data)


def unique_id(descriptor: Descriptor | None) -> str | None:
    """What, with the path, identifies a file in the log."""
    if descriptor is None:
        return None
    offset = descriptor.get("offset")
    return f"{descriptor['storageType']}{descriptor['pathOrInlineDv']}{'' if offset is None else f'@{offset}'}"


def _serialized(vector: BitMap) -> bytes:
    # A 64-bit roaring bitmap of one part: files have far fewer than 2^32 rows.
    return struct.pack("<iqi", _MAGIC, 1, 0) + vector.serialize()


def _deserialized(data: bytes) -> BitMap:
    (magic,) = struct.unpack_from("<i", data)
    if magic != _MAGIC:
        raise ValueError(f"a deletion vector of format {magic} is not supported")
    return BitMap(BitMap64.deserialize(data[4:]))


def _z85_encoded(data: bytes) -> str:
    letters = []
    for start in range(0, len(data), 4):
        value = int.from_bytes(data[start : start + 4], "big")
        letters += [_Z85[value // 85**power % 85] for power in range(4, -1, -1)]
    return "".join(letters)


def _z85_decoded(text: str) -> bytes:
    data = bytearray()
    for start in range(0, len(text), 5):
        value = 0
        for letter in text[start : start + 5]:
            value = value * 85 + _Z85_DIGIT[letter]
        data += value.to_bytes(4, "big")
    return bytes(data)
