"""Looks at Kafka Connect again and again, and restarts what is FAILED.

Environment: CONNECT_URL, base URL of the REST interface; BACKOFF_UNIT_SECONDS, default 60.
"""

import logging
import os
import signal
import sys
import time
from pathlib import Path

from supervisor.connect import ConnectError, restart_failed, statuses
from supervisor.decisions import Decision, History, decide, restarted, seen_from

_LOOK_SECONDS = 5
# Longer than an update needs to see and treat a failure itself.
_SETTLE_SECONDS = 15
_LOOKED = Path("/run/supervisor/looked")

log = logging.getLogger("supervisor")


def main() -> None:
    url = os.environ["CONNECT_URL"]
    unit = float(os.environ.get("BACKOFF_UNIT_SECONDS", "60"))
    histories: dict[str, History] = {}
    complaint = None
    log.info("watching the connectors at %s; unit of the pauses: %g s", url, unit)
    while True:
        try:
            there = statuses(url)
            complaint = None
        except ConnectError as error:
            there = {}
            # Once is enough: the worker has a health check and a restart policy of its own.
            if str(error) != complaint:
                log.warning("%s", error)
            complaint = str(error)
        for name, status in there.items():
            histories[name] = _look(url, name, status, histories.get(name, History()), unit)
        _LOOKED.touch()
        time.sleep(min(_LOOK_SECONDS, unit))


def _look(url: str, name: str, status: dict, history: History, unit: float) -> History:
    seen = seen_from(status)
    decision = decide(seen, history, time.monotonic(), unit, min(_SETTLE_SECONDS, unit))
    if decision.restart:
        decision = _restart(url, name, seen, decision.history, unit)
    if decision.message:
        log.info("connector %s: %s", name, decision.message)
    return decision.history


def _restart(url: str, name: str, seen, history: History, unit: float) -> Decision:
    try:
        restart_failed(url, name)
    except ConnectError as error:
        # A rebalance or an update under way: not counted, tried at the next look.
        return Decision(history, message=f"could not be restarted now: {error}")
    return restarted(seen, history, time.monotonic(), unit)


if __name__ == "__main__":
    logging.basicConfig(
        stream=sys.stdout,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(message)s",
        datefmt="%Y-%m-%d %H:%M:%S",
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    main()
