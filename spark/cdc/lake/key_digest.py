"""A digest of texts: SipHash-2-4 with 128 bits of output, for whole columns at once.

Who does not know the secret cannot make two texts with one digest, and by chance there are none.
Source: J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF".
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

_AT_ONCE = 16 * 1024
"""texts: what is calculated stays in the processor's cache"""
_COMPRESSION_ROUNDS = 2
_FINAL_ROUNDS = 4

Words = np.ndarray
"""of type uint64"""
_State = list[Words]


def digests(texts: pa.Array, secret: bytes) -> tuple[Words, Words]:
    """Both halves of the digest of each text, or binary value; that of a null means nothing. secret: 16 bytes."""
    kind = pa.large_binary()
    ends, data = _content(texts.cast(pa.large_string() if pa.types.is_string(texts.type) else kind).cast(kind))
    first, second = np.empty(len(texts), np.uint64), np.empty(len(texts), np.uint64)
    for begin in range(0, len(texts), _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        starts = ends[:-1][part]
        first[part], second[part] = _of_some(data, starts, ends[1:][part] - starts, secret)
    return first, second


def digests_of_words(words: Words, secret: bytes) -> tuple[Words, Words]:
    """The same of rows of a matrix, each of whose words counts as eight bytes."""
    count, size = words.shape
    data = np.zeros(words.nbytes + 8, np.uint8)
    data[:-8] = np.ascontiguousarray(words).view(np.uint8).reshape(-1)
    first, second = np.empty(count, np.uint64), np.empty(count, np.uint64)
    for begin in range(0, count, _AT_ONCE):
        starts = np.arange(begin, min(begin + _AT_ONCE, count)) * (8 * size)
        part = slice(begin, begin + len(starts))
        first[part], second[part] = _of_some(data, starts, np.full(len(starts), 8 * size), secret)
    return first, second


def _content(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Where each text begins, and the last one ends, and the bytes of all with some more behind them."""
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    content = np.zeros(int(ends[-1] - ends[0]) + 8, np.uint8)
    if data is not None:
        content[:-8] = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]
    return ends - ends[0], content


def _of_some(data: np.ndarray, starts: np.ndarray, lengths: np.ndarray, secret: bytes) -> tuple[Words, Words]:
    low, high = np.frombuffer(secret, "<u8")
    constants = (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)
    state = [np.full(len(starts), key ^ np.uint64(one)) for key, one in zip((low, high) * 2, constants, strict=True)]
    state[1] ^= np.uint64(0xEE)
    # At each byte, the eight that begin there.
    words = np.lib.stride_tricks.as_strided(data, (len(data) - 7, 8), (1, 1))
    whole = lengths // 8
    least, most = (int(whole.min()), int(whole.max())) if len(whole) else (0, 0)
    for number in range(most):
        if number < least:
            _absorb(state, _word(words, starts + 8 * number))
            continue
        longer = np.flatnonzero(whole > number)
        some = [lane[longer] for lane in state]
        _absorb(some, _word(words, starts[longer] + 8 * number))
        for lane, value in zip(state, some, strict=True):
            lane[longer] = value
    rest = (lengths % 8).astype(np.uint64)
    last = _word(words, starts + 8 * whole) & ((np.uint64(1) << (np.uint64(8) * rest)) - np.uint64(1))
    _absorb(state, last | (lengths.astype(np.uint64) << np.uint64(56)))
    state[2] ^= np.uint64(0xEE)
    first = _final(state)
    state[1] ^= np.uint64(0xDD)
    return first, _final(state)


def _word(words: np.ndarray, starts: np.ndarray) -> Words:
    return words[starts].view("<u8").reshape(-1)


def _absorb(state: _State, words: Words) -> None:
    state[3] ^= words
    _mix(state, _COMPRESSION_ROUNDS)
    state[0] ^= words


def _final(state: _State) -> Words:
    _mix(state, _FINAL_ROUNDS)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def _mix(state: _State, rounds: int) -> None:
    a, b, c, d = state
    spare = np.empty_like(a)
    for _ in range(rounds):
        a += b
        c += d
        _rotate(b, 13, spare)
        _rotate(d, 16, spare)
        b ^= a
        d ^= c
        _rotate(a, 32, spare)
        c += b
        a += d
        _rotate(b, 17, spare)
        _rotate(d, 21, spare)
        b ^= c
        d ^= a
        _rotate(c, 32, spare)


def _rotate(words: Words, bits: int, spare: Words) -> None:
    np.right_shift(words, np.uint64(64 - bits), out=spare)
    np.left_shift(words, np.uint64(bits), out=words)
    words |= spare
