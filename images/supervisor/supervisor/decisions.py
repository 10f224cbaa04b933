"""What to do about a connector, decided from what Connect shows of it. Nothing here talks to Connect.

The pauses are those of Strimzi's auto-restart (its AutoRestart schema reference): before the restart that follows n
others it waits n * n + n units, a unit being a minute, and never longer than 60 units; a connector that has run for as
long as its last pause starts anew at n = 0.
"""

from dataclasses import dataclass, replace

LONGEST_PAUSE = 60
"""In units."""


@dataclass(frozen=True)
class Failure:
    """A part of a connector that is FAILED, such as `task 0`, and why."""

    part: str
    reason: str


@dataclass(frozen=True)
class Seen:
    """A connector as Connect shows it at one moment."""

    state: str
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class History:
    """What is remembered of one connector; times are seconds of one clock."""

    restarts: int = 0
    """Restarts since it last ran well."""
    restarted_at: float | None = None
    failed_since: float | None = None
    running_since: float | None = None


@dataclass(frozen=True)
class Decision:
    """What follows from one look. Restarting is told apart from counting it: Connect may turn a restart down."""

    history: History
    restart: bool = False
    message: str | None = None


def pause_before(restarts: int) -> int:
    """Units to wait before the next restart, after so many."""
    return min(restarts * restarts + restarts, LONGEST_PAUSE)


def seen_from(status: dict) -> Seen:
    """From an entry `status` of `GET /connectors?expand=status`."""
    parts = [("connector", status["connector"]), *((f"task {task['id']}", task) for task in status.get("tasks", []))]
    failures = tuple(Failure(part, reason_in(it.get("trace", ""))) for part, it in parts if it["state"] == "FAILED")
    return Seen(status["connector"]["state"], failures)


def reason_in(trace: str) -> str:
    """The innermost cause of a Java stack trace, in one line."""
    lines = [line.strip() for line in trace.splitlines() if line.strip()]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    return (causes[-1:] or lines[:1] or ["Connect gives no reason"])[0][:500]


def decide(seen: Seen, history: History, now: float, unit: float, settle: float) -> Decision:
    """`unit`: seconds of a unit. `settle`: seconds a failure must last, so that an update under way can treat it."""
    if seen.state in ("PAUSED", "STOPPED"):
        # Someone wants it so; what it failed of before no longer counts.
        return Decision(History())
    if not seen.failures:
        return _running(history, now, unit)
    failed_since = now if history.failed_since is None else history.failed_since
    history = replace(history, running_since=None, failed_since=failed_since)
    due = failed_since + settle
    if history.restarted_at is not None:
        due = max(due, history.restarted_at + pause_before(history.restarts) * unit)
    return Decision(history, restart=now >= due)


def restarted(seen: Seen, history: History, now: float, unit: float) -> Decision:
    """After Connect has agreed to a restart."""
    count = history.restarts + 1
    what = "; ".join(f"{failure.part} FAILED: {failure.reason}" for failure in seen.failures)
    following = duration(pause_before(count) * unit)
    message = f"restart {count} ({what}). Should it fail again, the next one is in {following}"
    return Decision(History(restarts=count, restarted_at=now), message=message)


def _running(history: History, now: float, unit: float) -> Decision:
    running_since = now if history.running_since is None else history.running_since
    history = replace(history, failed_since=None, running_since=running_since)
    lasted = now - running_since
    if history.restarts > 0 and lasted >= pause_before(history.restarts) * unit:
        return Decision(History(), message=f"has run for {duration(lasted)}: healed")
    return Decision(history)


def duration(seconds: float) -> str:
    """`90 s` below two minutes, else whole minutes."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
