"""The part of Kafka Connect's REST interface that the supervisor needs."""

import json
import urllib.error
import urllib.parse
import urllib.request

_TIMEOUT_SECONDS = 10
# A proxy from the environment is meant for the internet.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ConnectError(Exception):
    """Connect did not answer, or turned the call down."""


def statuses(url: str) -> dict[str, dict]:
    """Status of every connector, by name."""
    return {name: entry["status"] for name, entry in _call("GET", f"{url}/connectors?expand=status").items()}


def restart_failed(url: str, name: str) -> None:
    """Restarts the connector and its tasks, those that are FAILED only."""
    quoted = urllib.parse.quote(name, safe="")
    _call("POST", f"{url}/connectors/{quoted}/restart?includeTasks=true&onlyFailed=true")


def _call(method: str, url: str) -> dict:
    request = urllib.request.Request(url, method=method, headers={"Content-Type": "application/json"})
    try:
        with _opener.open(request, timeout=_TIMEOUT_SECONDS) as answer:
            return json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        raise ConnectError(f"Kafka Connect answers HTTP {error.code}: {_message(error)}") from error
    except (OSError, ValueError) as error:
        raise ConnectError(f"Kafka Connect at {url} does not answer: {error}") from error


def _message(error: urllib.error.HTTPError) -> str:
    try:
        return json.loads(error.read())["message"]
    except (ValueError, KeyError, OSError):
        return error.reason
