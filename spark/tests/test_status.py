import json
from pathlib import Path

from cdc.status import Status


def test_the_status_file_is_complete_json_after_every_update(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    status = Status(str(path), name="orders")
    assert json.loads(path.read_text())["state"] == "starting"
    status.update(state="failed", error="no such topic")
    facts = json.loads(path.read_text())
    assert (facts["name"], facts["state"], facts["error"]) == ("orders", "failed", "no such topic")
    assert [file.name for file in tmp_path.iterdir()] == ["status.json"]


def test_without_a_file_nothing_is_written(tmp_path: Path) -> None:
    Status(None).update(state="running")
    assert list(tmp_path.iterdir()) == []
