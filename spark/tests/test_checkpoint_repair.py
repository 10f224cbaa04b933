import pytest

from cdc.checkpoint_repair import is_commit, is_offsets, repair_checkpoint

OFFSETS = 'v1\n{"batchWatermarkMs":0}\n{"links":{"0":7}}'
COMMIT = 'v1\n{"nextBatchWatermarkMs":0}'


@pytest.fixture
def checkpoint(tmp_path):
    folder = tmp_path / "job"
    for kind, text in (("offsets", OFFSETS), ("commits", COMMIT)):
        (folder / kind).mkdir(parents=True)
        for number in (8, 9, 10):
            (folder / kind / str(number)).write_text(text)
    (folder / "metadata").write_text('{"id":"a"}')
    return folder


def test_a_whole_checkpoint_stays_as_it_is(spark, checkpoint, tmp_path):
    assert repair_checkpoint(spark, str(checkpoint)) == []
    assert repair_checkpoint(spark, str(tmp_path / "none")) == []


@pytest.mark.parametrize("content", ["", "v1\n", OFFSETS[:-4]])
def test_incomplete_offsets_are_planned_again(spark, checkpoint, content):
    (checkpoint / "offsets" / "10").write_text(content)
    assert repair_checkpoint(spark, str(checkpoint)) == ["offsets/10", "commits/10"]
    assert sorted(path.name for path in (checkpoint / "offsets").iterdir()) == ["8", "9"]


def test_incomplete_commits_and_metadata_are_made_anew(spark, checkpoint):
    (checkpoint / "commits" / "10").write_text("")
    (checkpoint / "metadata").write_text("")
    assert repair_checkpoint(spark, str(checkpoint)) == ["metadata", "commits/10"]
    assert (checkpoint / "offsets" / "10").exists()


def test_what_is_whole():
    assert is_offsets(OFFSETS)
    assert is_offsets('v2\n{"a":1}\n-\n{"links":{"0":7}}')
    assert is_commit(COMMIT)
    assert not is_commit("v1")
