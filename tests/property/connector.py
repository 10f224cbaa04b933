"""A connector of a round's own, as the project's configuration has it."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.property.database import Database
from tests.property.sql_text import identifier, literal

_FILE = Path(__file__).resolve().parents[2] / "connector-configs" / "debezium-postgres-connector.json"
_TRIES = 20
MARK = "property-end"
"""prefix of the logical message that ends a round: the only one that passes"""


@dataclass(frozen=True)
class Connector:
    connect_url: str
    database: Database
    name: str
    """of the connector, the slot, the publication and the topics' prefix"""
    schema: str
    generated: tuple[tuple[str, str], ...] = ()
    """generated columns, as table and column: `up` leaves them out, as they are not in the log"""

    @property
    def signals(self) -> str:
        return f"{self.schema}.signals"

    @property
    def message_topic(self) -> str:
        return f"{self.name}.message"

    @property
    def schema_topic(self) -> str:
        return f"{self.name}.schemas"

    @property
    def notification_topic(self) -> str:
        return f"{self.name}.notifications"

    def config(self) -> dict[str, str]:
        return {
            **json.loads(_FILE.read_text())["config"],
            "topic.prefix": self.name,
            "slot.name": self.name,
            "publication.name": self.name,
            "table.include.list": f"{self.schema}[.].*",
            **self._excluded(),
            "signal.data.collection": self.signals,
            "value.converter.schemas.topic": self.schema_topic,
            "message.prefix.include.list": MARK,
            "poll.interval.ms": "50",
            "notification.enabled.channels": "sink",
            "notification.sink.topic.name": self.notification_topic,
        }

    def _excluded(self) -> dict[str, str]:
        patterns = [_pattern(f"{self.schema}.{table}.{column}") for table, column in self.generated]
        return {"column.exclude.list": ",".join(patterns)} if patterns else {}

    @contextmanager
    def running(self, seconds: float) -> Iterator[None]:
        """Deployed, and reading the log: its first snapshot is done. Removed afterwards, with slot and publication."""
        try:
            self._request("PUT", f"/connectors/{self.name}/config", self.config())
            self._wait(seconds, None)
            yield
        finally:
            self._remove()

    def restart(self, seconds: float) -> None:
        """So that it meets tables that were made while it ran."""
        before = self._walsender()
        self._request("POST", f"/connectors/{self.name}/restart?includeTasks=true&onlyFailed=false")
        self._wait(seconds, before)

    def snapshot(self, tables: list[str], how: str) -> None:
        """Asks for the rows of tables. how: incremental or blocking."""
        names = [f"{self.schema}.{name}".replace("$", "[$]") for name in tables]
        data = json.dumps({"type": how, "data-collections": names})
        self.database.admin.execute(
            f"INSERT INTO {self.signals} VALUES ({literal(how)}, 'execute-snapshot', {literal(data)})"
        )

    def state(self) -> str:
        """RUNNING, or what is wrong."""
        status = self._request("GET", f"/connectors/{self.name}/status") or {}
        parts = [status.get("connector", {}), *status.get("tasks", [])]
        failed = next((part for part in parts if part.get("state") == "FAILED"), None)
        return f"FAILED: {failed.get('trace', '')[:3000]}" if failed else "RUNNING"

    def _walsender(self) -> int | None:
        """The server's process that sends the log to it."""
        found = self.database.admin.execute(
            f"SELECT active_pid FROM pg_replication_slots WHERE slot_name = {literal(self.name)} AND active"
        ).fetchone()
        return found and found[0]

    def _wait(self, seconds: float, before: int | None) -> None:
        """Until it reads the log, in another session than before."""
        deadline = time.monotonic() + seconds
        while self._walsender() in (None, before):
            if (state := self.state()) != "RUNNING":
                raise RuntimeError(f"connector {self.name}: {state}")
            if time.monotonic() > deadline:
                raise TimeoutError(f"connector {self.name} did not begin to stream within {seconds} s")
            time.sleep(0.1)

    def _remove(self) -> None:
        self._request("DELETE", f"/connectors/{self.name}")
        admin = self.database.admin
        for _ in range(_TRIES * 10):
            with suppress(Exception):
                found = admin.execute(
                    f"SELECT active FROM pg_replication_slots WHERE slot_name = {literal(self.name)}"
                ).fetchone()
                if found is None:
                    break
                if not found[0]:
                    admin.execute(f"SELECT pg_drop_replication_slot({literal(self.name)})")
                    break
            time.sleep(0.1)
        admin.execute(f"DROP PUBLICATION IF EXISTS {identifier(self.name)}")

    def _request(self, method: str, path: str, body: Any = None) -> Any:
        """Tries again while the worker rebalances. None: 404."""
        for attempt in range(_TRIES):
            request = urllib.request.Request(
                f"{self.connect_url}{path}",
                method=method,
                data=None if body is None else json.dumps(body).encode(),
                headers={"Content-Type": "application/json"},
            )
            try:
                with urllib.request.urlopen(request, timeout=30) as response:
                    content = response.read()
                    return json.loads(content) if content else None
            except urllib.error.HTTPError as error:
                text = error.read().decode(errors="replace")
                if error.code == 404:
                    return None
                if error.code not in (409, 500, 503) or attempt == _TRIES - 1:
                    raise RuntimeError(f"{method} {path}: {error.code} {text[:2000]}") from error
            except OSError:
                if attempt == _TRIES - 1:
                    raise
            time.sleep(0.5)
        raise AssertionError("unreachable")


def _pattern(name: str) -> str:
    """A regular expression for this very name. A comma would end it."""
    return "(?-i)" + re.sub(r"[.$(){}+*?|]", r"[\g<0>]", name).replace(",", r"\x2c")
