"""A share of the time for work that can wait: with many tables, each having some of it, a stream is not held up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class SpareTime:
    def __init__(self, share: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._share = share
        self._clock = clock
        self._free_at = clock()

    @property
    def is_left(self) -> bool:
        return self._clock() >= self._free_at

    @contextmanager
    def spent(self) -> Iterator[None]:
        began = self._clock()
        try:
            yield
        finally:
            ended = self._clock()
            self._free_at = ended + (ended - began) * (1 / self._share - 1)


SPARE_TIME = SpareTime(0.1)
"""of the one stream of this process"""
