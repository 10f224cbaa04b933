"""Random tables and histories through the real connector into the lake: `npm run test:property`."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from random import SystemRandom

from tests.property.database import Database
from tests.property.kafka import Topics
from tests.property.report import failure_text, print_now
from tests.property.rounds import Found, Plan, Round


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="npm run test:property --", description=__doc__)
    parser.add_argument("--histories", type=int, default=300, help="tables, each with a history (default: 300)")
    parser.add_argument("--seed", help="replays; printed by each run (default: a random one)")
    parser.add_argument("--round", type=int, help="only this round of the seed")
    parser.add_argument("--from-round", type=int, default=0, help="goes on with this round of the seed")
    parser.add_argument("--table", type=int, help="only this table of the round")
    parser.add_argument("--tables", type=int, default=60, help="of a round (default: 60); part of what a seed means")
    parser.add_argument("--rounds-at-once", type=int, default=2, help="default: 2")
    parser.add_argument("--failures", type=int, default=20, help="stop after so many (default: 20)")
    parser.add_argument("--keep", help="folder to leave the lakes of tables in that are not as their source")
    parser.add_argument("--postgresql", help="URL; of the stack")
    parser.add_argument("--connect", help="URL; of the stack")
    parser.add_argument("--kafka", help="host:port; of the stack")
    return parser.parse_args()


class Run:
    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._seed = options.seed or f"{SystemRandom().randrange(16**8):08x}"
        self._run = f"{int(time.time()) % 10_000_000:07d}"
        self._extensions = Database(options.postgresql).make_extensions()
        self._local = threading.local()
        self._stop = False
        self._refused: Counter[str] = Counter()
        self.compared = 0
        self.failures: list[str] = []

    def __call__(self) -> bool:
        started = time.monotonic()
        print_now(f"seed {self._seed}, extensions {', '.join(self._extensions)}")
        processes = multiprocessing.get_context("spawn")
        with (
            ProcessPoolExecutor(2, mp_context=processes) as pool,
            ThreadPoolExecutor(self._options.rounds_at_once) as rounds,
        ):
            for number, outcome in self._outcomes(rounds, pool):
                self._take(number, outcome)
                if len(self.failures) >= self._options.failures and not self._stop:
                    self._stop = True
                    print_now(f"{len(self.failures)} failures: no more rounds are begun")
        seconds = time.monotonic() - started
        print_now(
            f"seed {self._seed}: {self.compared} histories in {seconds:.0f} s, {len(self.failures)} not as the source"
        )
        return not self.failures

    def _outcomes(
        self, rounds: ThreadPoolExecutor, pool: ProcessPoolExecutor
    ) -> Iterator[tuple[int, list[Future[Found]] | Exception]]:
        count = -(-self._options.histories // self._options.tables)
        numbers = range(self._options.from_round, count) if self._options.round is None else [self._options.round]
        for number, future in [(number, rounds.submit(self._round, number, pool)) for number in numbers]:
            try:
                found = future.result()
                if found is not None:
                    yield number, found
            except Exception as error:
                yield number, error

    def _round(self, number: int, pool: ProcessPoolExecutor) -> list[Future[Found]] | None:
        if self._stop:
            return None
        options = self._options
        plan = Plan(
            f"{self._seed}/{number}",
            min(options.tables, max(options.histories, 1)),
            only=options.table,
            keep=options.keep,
        )
        name = f"p{self._run}_{number}"
        one = Round(plan, name, Database(options.postgresql), options.connect, Topics(options.kafka), self._extensions)
        try:
            found = one.run(pool)
        except Exception:
            if options.table is not None:
                print_now("\n".join(map(str, one.statements(options.table))))
            raise
        times = ", ".join(f"{what} {seconds:.1f}" for what, seconds in one.seconds.items())
        print_now(f"round {number}: {times} s")
        return found

    def _take(self, number: int, outcome: list[Future[Found]] | Exception) -> None:
        if isinstance(outcome, Exception):
            self.failures.append(f"round {number}")
            print_now(f"round {number} of seed {self._seed} could not be compared: {outcome!r}")
            return
        for future in outcome:
            found = future.result()
            self.compared += 1
            if found.differences:
                self.failures.append(f"round {number}, table {found.table.number}")
                print_now(failure_text(found, f"--seed {self._seed} --round {number} --table {found.table.number}"))


if __name__ == "__main__":
    sys.exit(0 if Run(arguments())() else 1)
