from pathlib import Path

import pytest

from cdc.lake_lock import LakeInUse, lock_lake


@pytest.fixture(autouse=True)
def locks_in_test_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def test_a_second_writer_to_the_same_lake_is_refused_and_told_who_the_first_is() -> None:
    with lock_lake("s3a://lake", "first", 17):
        with pytest.raises(LakeInUse, match=r"application 'first' \(process 17\)"):
            lock_lake("s3a://lake", "second", 18, patience=0)
        lock_lake("s3a://other-lake", "second", 18, patience=0).close()


def test_a_lake_is_free_again_when_its_writer_ended() -> None:
    lock_lake("s3a://lake", "first", 17).close()
    lock_lake("s3a://lake", "second", 18, patience=0).close()
