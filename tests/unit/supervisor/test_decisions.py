"""The supervisor's decisions: when a failed connector is restarted."""

import itertools

import pytest

from supervisor.decisions import Failure, History, Seen, decide, pause_before, reason_in, restarted, seen_from

UNIT = 60
SETTLE = 15
FAILED = Seen("RUNNING", (Failure("task 0", "slot is gone"),))
RUNNING = Seen("RUNNING", ())


def restarts_of_a_connector_that_always_fails(until: float) -> list[float]:
    history, times = History(), []
    for now in range(0, int(until), 5):
        decision = decide(FAILED, history, now, UNIT, SETTLE)
        history = decision.history
        if decision.restart:
            times.append(now)
            history = restarted(FAILED, history, now, UNIT).history
    return times


def test_pauses_are_strimzis():
    assert [pause_before(n) for n in range(9)] == [0, 2, 6, 12, 20, 30, 42, 56, 60]


def test_what_fails_again_and_again_is_restarted_with_growing_pauses():
    times = restarts_of_a_connector_that_always_fails(60 * 60)
    pauses = [(b - a) / UNIT for a, b in itertools.pairwise(times)]
    assert times[0] == SETTLE
    assert pauses == [2, 6, 12, 20]


def test_a_failure_is_left_for_a_moment_to_an_update_under_way():
    first = decide(FAILED, History(), 100, UNIT, SETTLE)
    assert not first.restart
    healed = decide(RUNNING, first.history, 105, UNIT, SETTLE)
    assert not decide(FAILED, healed.history, 200, UNIT, SETTLE).restart


@pytest.mark.parametrize("state", ["PAUSED", "STOPPED"])
def test_what_someone_has_halted_is_left_alone_and_starts_anew(state):
    history = History(restarts=3, restarted_at=0, failed_since=0)
    decision = decide(Seen(state, FAILED.failures), history, 10_000, UNIT, SETTLE)
    assert not decision.restart
    assert decision.history == History()


def test_one_that_ran_for_as_long_as_its_last_pause_counts_as_healed():
    history = History(restarts=2, restarted_at=0)
    for now in range(0, 6 * UNIT, 5):
        decision = decide(RUNNING, history, now, UNIT, SETTLE)
        history = decision.history
        assert history.restarts == 2
    decision = decide(RUNNING, history, 6 * UNIT, UNIT, SETTLE)
    assert decision.history.restarts == 0
    assert decision.message == "has run for 6 min: healed"


def test_each_attempt_says_which_part_failed_why_and_when_the_next_is():
    decision = restarted(FAILED, History(restarts=1), 0, UNIT)
    assert decision.message == (
        "restart 2 (task 0 FAILED: slot is gone). Should it fail again, the next one is in 6 min"
    )


def test_failures_are_those_of_connector_and_tasks_with_the_innermost_cause():
    trace = "x.ConnectException: outer\n\tat a.b(C.java:1)\nCaused by: x.PSQLException: FATAL: no\n\t... 5 more\n"
    status = {
        "connector": {"state": "RUNNING"},
        "tasks": [{"id": 0, "state": "FAILED", "trace": trace}, {"id": 1, "state": "RUNNING"}],
    }
    assert seen_from(status).failures == (Failure("task 0", "x.PSQLException: FATAL: no"),)
    assert reason_in("") == "Connect gives no reason"
