"""The digest is SipHash-2-4 with 128 bits, whatever texts are side by side."""

import uuid

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from cdc.lake.key_digest import digests, digests_of_words

SECRET = bytes(range(16))


def hexadecimal(texts: pa.Array) -> list[str]:
    return [
        first.tobytes().hex() + second.tobytes().hex() for first, second in zip(*digests(texts, SECRET), strict=True)
    ]


def test_it_gives_what_the_authors_publish():
    """vectors_sip128 of their reference implementation: of 0, 1, 2 … bytes."""
    found = hexadecimal(pa.array([bytes(range(length)) for length in range(64)], pa.binary()))
    assert found[0] == "a3817f04ba25a8e66df67214c7550293"
    assert found[1] == "da87c1d86b99af44347659119b22fc45"
    assert found[2] == "8177228da4a45dc7fca38bdef60affe4"
    assert found[7] == "a1f1ebbed8dbc153c0b84aa61ff08239"
    assert found[8] == "3b62a9ba6258f5610f83e264f31497b4"


def test_it_is_the_algorithm_as_it_is_written_down_for_any_length():
    texts = [bytes(range(length)) for length in range(70)]
    assert hexadecimal(pa.array(texts, pa.binary())) == [one_by_one(text).hex() for text in texts]


def one_by_one(text: bytes) -> bytes:
    low, high = (int.from_bytes(half, "little") for half in (SECRET[:8], SECRET[8:]))
    v = [
        low ^ 0x736F6D6570736575,
        high ^ 0x646F72616E646F6D ^ 0xEE,
        low ^ 0x6C7967656E657261,
        high ^ 0x7465646279746573,
    ]

    def rotated(word: int, bits: int) -> int:
        return (word << bits | word >> 64 - bits) % 2**64

    def mix(rounds: int) -> None:
        for _ in range(rounds):
            for a, b, bits, turned in ((0, 1, 13, True), (2, 3, 16, False), (0, 3, 21, False), (2, 1, 17, True)):
                v[a] = (v[a] + v[b]) % 2**64
                v[b] = rotated(v[b], bits) ^ v[a]
                if turned:
                    v[a] = rotated(v[a], 32)

    padded = text + bytes(-(len(text) + 1) % 8) + bytes([len(text) % 256])
    for start in range(0, len(padded), 8):
        word = int.from_bytes(padded[start : start + 8], "little")
        v[3] ^= word
        mix(2)
        v[0] ^= word
    halves = []
    for place, mark in ((2, 0xEE), (1, 0xDD)):
        v[place] ^= mark
        mix(4)
        halves.append((v[0] ^ v[1] ^ v[2] ^ v[3]).to_bytes(8, "little"))
    return b"".join(halves)


@given(st.lists(st.binary(max_size=40)), st.integers(0, 5))
def test_a_text_has_the_same_digest_beside_any_others_and_in_any_part_of_an_array(texts, first):
    alone = [hexadecimal(pa.array([text], pa.binary()))[0] for text in texts]
    assert hexadecimal(pa.array(texts, pa.binary())) == alone
    assert hexadecimal(pa.array(texts, pa.binary()).slice(first)) == alone[first:]


def test_rows_of_words_count_as_their_bytes():
    words = np.arange(60_000, dtype=np.uint64).reshape(20_000, 3)
    of_words = digests_of_words(words, SECRET)
    of_bytes = digests(pa.array([row.tobytes() for row in words], pa.binary()), SECRET)
    assert all((one == other).all() for one, other in zip(of_words, of_bytes, strict=True))


def test_another_secret_gives_other_digests():
    texts = pa.array([str(uuid.UUID(int=number)) for number in range(1000)])
    one, other = digests(texts, SECRET), digests(texts, bytes(16))
    assert not np.intersect1d(one[0], other[0]).size
    assert np.unique(one[0]).size == 1000
