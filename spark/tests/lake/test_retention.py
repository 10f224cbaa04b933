"""What is taken as a retention, as the program's configuration takes it (tests/unit/config.test.ts)."""

import json
from pathlib import Path

import pytest

from cdc.lake.retention import parse_retention

RETENTIONS = json.loads(Path("tests/unit/retentions.json").read_text())


@pytest.mark.parametrize("text", RETENTIONS["taken"])
def test_is_taken(text):
    assert parse_retention(text).seconds >= 300


@pytest.mark.parametrize("text", RETENTIONS["refused"])
def test_is_refused(text):
    with pytest.raises(ValueError, match="expected"):
        parse_retention(text)
