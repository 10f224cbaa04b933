import json

import pytest

from cdc.checkpoint_remade_topics import begin_remade_topics, note_topics, remade_topics, with_beginnings

COMMIT = 'v1\n{"nextBatchWatermarkMs":0}'


def offsets(links, orders):
    return 'v1\n{"batchWatermarkMs":0}\n' + json.dumps({"links": {"0": links}, "orders": {"0": orders, "1": 3}})


@pytest.fixture
def checkpoint(tmp_path):
    for kind in ("offsets", "commits"):
        (tmp_path / kind).mkdir()
    for number in (4, 5, 6):
        (tmp_path / "offsets" / str(number)).write_text(offsets(number * 10, number * 100))
    for number in (4, 5):
        (tmp_path / "commits" / str(number)).write_text(COMMIT)
    return tmp_path


def begin(spark, checkpoint, ids):
    return begin_remade_topics(spark, str(checkpoint), ids, lambda topic: {0: (2, 9)})


def test_a_topic_made_anew_is_read_from_its_beginning_and_the_others_go_on(spark, checkpoint):
    assert begin(spark, checkpoint, {"links": "A", "orders": "B"}) == set()
    note_topics(spark, str(checkpoint), {"links": "A", "orders": "B"})
    assert begin(spark, checkpoint, {"links": "A2", "orders": "B"}) == {"links"}
    assert sorted(path.name for path in (checkpoint / "offsets").iterdir() if path.name[0] != ".") == ["4", "5"]
    done = json.loads((checkpoint / "offsets" / "5").read_text().splitlines()[2])
    assert done == {"links": {"0": 2}, "orders": {"0": 500, "1": 3}}


def test_it_is_found_until_it_is_noted(spark, checkpoint):
    note_topics(spark, str(checkpoint), {"links": "A"})
    for _ in range(2):
        assert begin(spark, checkpoint, {"links": "A2", "new": "C"}) == {"links"}
    note_topics(spark, str(checkpoint), {"links": "A2", "new": "C"})
    assert begin(spark, checkpoint, {"links": "A2", "new": "C"}) == set()


def test_before_the_first_micro_batch_there_is_nothing_to_change(spark, tmp_path):
    note_topics(spark, str(tmp_path), {"links": "A"})
    assert begin(spark, tmp_path, {"links": "A2"}) == {"links"}
    assert not (tmp_path / "offsets").exists()


def test_what_is_made_anew():
    assert remade_topics({}, {"links": "A"}) == set()
    assert remade_topics({"links": "A", "gone": "B"}, {"links": "A2"}) == {"links"}


def test_other_lines_and_topics_stay():
    text = 'v1\n{"batchWatermarkMs":0}\n-\n{"links":{"0":7}}'
    assert with_beginnings(text, {"orders": {0: 0}}) == text
    assert with_beginnings(text, {"links": {1: 0, 0: 5}}).endswith('\n-\n{"links":{"0":5,"1":0}}')
