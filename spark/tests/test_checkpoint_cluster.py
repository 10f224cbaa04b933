from cdc.checkpoint_cluster import checkpoint_of, folder_for


def test_a_checkpoint_is_that_of_the_cluster_that_used_it_first(spark, tmp_path):
    checkpoint = str(tmp_path / "job")
    assert checkpoint_of(spark, checkpoint, "first") == checkpoint
    assert checkpoint_of(spark, checkpoint, "first") == checkpoint


def test_every_other_cluster_has_one_of_its_own_and_the_first_keeps_its_own(spark, tmp_path):
    checkpoint = str(tmp_path / "job")
    checkpoint_of(spark, checkpoint, "first")
    assert checkpoint_of(spark, checkpoint, "second") == f"{checkpoint}-second"
    assert checkpoint_of(spark, checkpoint, "third") == f"{checkpoint}-third"
    assert checkpoint_of(spark, checkpoint, "first") == checkpoint


def test_a_checkpoint_from_before_there_were_notes_stays_in_use(spark, tmp_path):
    offsets = tmp_path / "job" / "offsets"
    offsets.mkdir(parents=True)
    (offsets / "0").write_text("v1\n{}\n{}")
    assert checkpoint_of(spark, str(tmp_path / "job"), "first") == str(tmp_path / "job")
    assert (offsets / "0").exists()


def test_the_folder_of_another_cluster_names_the_cluster():
    assert folder_for("s3a://lake/_checkpoints/job", "A", "B-1_x") == "s3a://lake/_checkpoints/job-B-1_x"
