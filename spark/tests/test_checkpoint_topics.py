from cdc.checkpoint_topics import checkpointed_topics, topics_in_offsets, topics_to_read

OFFSETS = 'v1\n{"batchWatermarkMs":0,"conf":{"a":"b"}}\n{"d.public.links":{"0":7},"d.public.gone":{"0":1}}'


def test_topics_of_an_offset_file_are_those_of_its_sources_not_of_its_metadata():
    assert topics_in_offsets(OFFSETS) == {"d.public.links", "d.public.gone"}


def test_a_source_without_offsets_has_no_topics():
    assert topics_in_offsets("v1\n{}\n-") == set()


def test_a_topic_once_read_is_read_on_while_it_exists():
    assert topics_to_read(["b", "a"], {"a", "gone", "old"}, {"a", "b", "old"}) == ("b", "a", "old")


def test_the_newest_planned_micro_batch_counts(spark, tmp_path):
    folder = tmp_path / "offsets"
    folder.mkdir()
    (folder / "9").write_text('v1\n{}\n{"old":{"0":1}}')
    (folder / "10").write_text(OFFSETS)
    assert checkpointed_topics(spark, str(tmp_path)) == {"d.public.links", "d.public.gone"}


def test_a_checkpoint_that_does_not_exist_yet_has_no_topics(spark, tmp_path):
    assert checkpointed_topics(spark, str(tmp_path / "new")) == set()
