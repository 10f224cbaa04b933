"""Runs the streaming query until it is asked to stop or fails."""

import hashlib
import logging
import os
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming import StreamingQuery

from cdc.checkpoint_cluster import checkpoint_of
from cdc.checkpoint_remade_topics import begin_remade_topics, note_topics
from cdc.checkpoint_repair import repair_checkpoint
from cdc.checkpoint_topics import checkpointed_topics, topics_to_read
from cdc.failure_text import failure_text
from cdc.kafka_offsets import topic_bounds
from cdc.kafka_source import records
from cdc.kafka_topics import MissingTopics, require_topics
from cdc.lake.housekeeping import Housekeeping, TableUpkeep
from cdc.lake.lake_tables import LakeTables, UnreadableMessage
from cdc.lake.positions import Topics
from cdc.lake.s3_settings import s3_settings
from cdc.lake.schema_following import SchemaChanged
from cdc.lake.storage import open_storage
from cdc.lake.table_options import TableOptions
from cdc.lake_lock import LakeInUse, lock_lake
from cdc.micro_batch import BatchReport, MicroBatches
from cdc.schema_references import SchemaReferences
from cdc.schema_topic import schema_topic_reader
from cdc.settings import Settings
from cdc.source_table import SourceTable
from cdc.status import Status
from cdc.stop_signal import StopSignal
from cdc.table_totals import TableTotals
from cdc.waiting_messages import WaitingMessages

log = logging.getLogger("cdc")

NEEDS_A_PERSON = 2
"""Exit code, also that of bad arguments: another try would fail in the same way."""
_LASTING = (UnreadableMessage, MissingTopics, SchemaChanged)

_REMADE = "its topic was made anew: changes that were not read before are gone"
_POLL_SECONDS = 0.25
_STOP_SECONDS = 60
_CALM_SECONDS = 2.0
_PAUSE_AFTER_ERROR_SECONDS = 60.0
_KEPT_IN_ORDER = ("tables", "changes", "_dead_letter", "")


def run(settings: Settings) -> int:
    """Runs the application and returns the process's exit code: 0 when it was asked to stop, 1 or 2 when it failed."""
    _log_to_stderr()
    status = Status(settings.status_file, name=settings.name)
    stop = StopSignal()
    try:
        with lock_lake(settings.lake, settings.name, os.getpid()):
            _run_on_spark(settings, status, stop)
    except Exception as error:  # whatever it is, the supervisor's reader wants to know
        if not isinstance(error, (*_LASTING, LakeInUse)):
            log.exception("unexpected error")
        text = failure_text(error, settings.kafka.bootstrap)
        status.update(state="failed", error=text)
        log.error("%s", text)
        return NEEDS_A_PERSON if isinstance(error, _LASTING) else 1
    status.update(state="stopped")
    log.info("%s stopped", settings.name)
    return 0


def _run_on_spark(settings: Settings, status: Status, stop: StopSignal) -> None:
    spark = SparkSession.builder.appName(settings.name).getOrCreate()
    try:
        stop.listen_in_jvm(spark)
        status.update(applicationId=spark.sparkContext.applicationId, masterUrl=spark.sparkContext.master)
        kafka = require_topics(spark, settings)
        checkpoint = checkpoint_of(spark, settings.checkpoint, kafka.cluster_id)
        if checkpoint != settings.checkpoint:
            log.info("another Kafka cluster than that of %s: the checkpoint is %s", settings.checkpoint, checkpoint)
        repair_checkpoint(spark, checkpoint)
        read_before = checkpointed_topics(spark, checkpoint)
        topics = topics_to_read(settings.topics, read_before, kafka.topics)
        settings = replace(settings, checkpoint=checkpoint, topics=topics)
        ids = {topic: kafka.ids[topic] for topic in topics}
        remade = begin_remade_topics(spark, checkpoint, ids, topic_bounds(spark, settings.kafka))
        micro_batches = _micro_batches(spark, settings, Topics(kafka.ids))
        for topic in remade:
            micro_batches.tables.lose_messages(SourceTable.of_topic(topic), _REMADE)
        note_topics(spark, checkpoint, ids)
        batches = _BatchRunner(micro_batches, stop)
        query = (
            records(spark, settings)
            .writeStream.foreachBatch(batches)
            .queryName(settings.name)
            .option("checkpointLocation", settings.checkpoint)
            .trigger(processingTime=settings.trigger)
            .start()
        )
        log.info(
            "%s reads %s from %s into %s",
            settings.name,
            ", ".join(settings.topics),
            settings.kafka.bootstrap,
            settings.lake,
        )
        lake = {"onSchemaChange": settings.on_schema_change, "deletedRows": settings.deleted_rows}
        status.update(queryId=str(query.id), lake={**lake, "retentionSeconds": settings.lake_retention.seconds})
        storage = open_storage(settings.lake, s3_settings(spark))
        housekeeping = Housekeeping(storage, settings.lake_retention, micro_batches.tables.uncommitted)
        tables = {SourceTable.of_topic(topic) for topic in settings.topics}
        # A daemon: what it is at when the application stops can be left undone.
        threading.Thread(target=_keep_order, args=(housekeeping, tables, batches, stop), daemon=True).start()
        _watch(query, batches, housekeeping, status, stop)
        if stop.is_set():
            _finish(query)
        if batches.failure:
            raise batches.failure
        if not stop.is_set():
            raise query.exception() or RuntimeError("the query ended by itself")
    finally:
        spark.stop()


def _micro_batches(spark: SparkSession, settings: Settings, topics: Topics) -> MicroBatches:
    options = TableOptions(
        soft_delete=settings.deleted_rows == "keep",
        on_schema_change=settings.on_schema_change,
        retention=settings.lake_retention,
        values_out_of_range=settings.values_out_of_range,
    )
    lake = hashlib.sha256(settings.lake.encode()).hexdigest()[:16]
    return MicroBatches(
        LakeTables(
            open_storage(settings.lake, s3_settings(spark)),
            Path(settings.index_folder) / lake,
            options,
            settings.table_keys,
            settings.flattened_tables,
            topics=topics,
        ),
        SchemaReferences(schema_topic_reader(spark, settings.kafka)),
        WaitingMessages(spark, settings),
        settings.max_records_per_batch,
    )


def _keep_order(
    housekeeping: Housekeeping, tables: set[SourceTable], batches: "_BatchRunner", stop: StopSignal
) -> None:
    """Housekeeping of all tables of the lake, those that no micro-batch has touched included, until it is stopped."""
    pause = 0.0
    while not stop.wait(pause):
        named = sorted({*tables, *batches.totals.tables})
        folders = [table.path_in(kind) for table in named for kind in _KEPT_IN_ORDER]
        pause = housekeeping.round(folders, stop.is_set)


def _watch(
    query: StreamingQuery, batches: "_BatchRunner", housekeeping: Housekeeping, status: Status, stop: StopSignal
) -> None:
    """Keeps the status up to date while the query is active and not asked to stop."""
    running = False
    reported, seen = batches.last, housekeeping.seen
    while query.isActive and not stop.wait(_POLL_SECONDS):
        # The first progress says that the sources were reached and a trigger went through.
        if not running and query.lastProgress is not None:
            running = True
            status.update(state="running")
            log.info("the query is active")
        if batches.last is not None and batches.last is not reported:
            reported = batches.last
            status.update(lastBatch=reported.facts(), tables=batches.totals.facts())
        if housekeeping.seen is not seen:
            seen = housekeeping.seen
            batches.note_needed_rows(seen)
            status.update(
                files={folder: found.facts() for folder, found in seen.items()}, tables=batches.totals.facts()
            )
        if batches.try_again():
            status.update(tables=batches.totals.facts())
        batches.keep_up()


def _finish(query: StreamingQuery) -> None:
    """Stops the query between two micro-batches: stopping it inside one would only make the next run repeat it."""
    log.info("asked to stop: finishing the running micro-batch")
    deadline = time.monotonic() + _STOP_SECONDS
    while query.isActive and query.status["isTriggerActive"] and time.monotonic() < deadline:
        time.sleep(0.05)
    query.stop()


class _Stopping(Exception):
    """Keeps a micro-batch from starting once the application was asked to stop; the next run does it."""


class _BatchRunner:
    """What Spark calls for each micro-batch. It keeps what Spark does not hand on: report and error."""

    def __init__(self, batches: MicroBatches, stop: StopSignal) -> None:
        self._batches = batches
        self._stop = stop
        self._at_work = threading.Lock()
        self.totals = TableTotals()
        for table in batches.tables.set_aside():
            self.totals.note(table, batches.tables.standing(table))
        self.last: BatchReport | None = None
        self.failure: Exception | None = None
        self._ended = time.monotonic()
        """when the last micro-batch did"""

    def __call__(self, records: DataFrame, batch_id: int) -> None:
        if self._stop.is_set():
            raise _Stopping
        # A new checkpoint has a new id, and counts its micro-batches from 0 again.
        query_id = cast("str", records.sparkSession.sparkContext.getLocalProperty("sql.streaming.queryId"))
        try:
            with self._at_work:
                waited = self._batches.tables.set_aside()
                report = self._batches.process(records, batch_id, query_id)
        except Exception as error:
            self.failure = error
            raise
        self._ended = time.monotonic()
        self.totals.add(report.tables)
        self._note(waited)
        self.last = report
        log.info("%s", report)

    def try_again(self) -> bool:
        """Tries tables that were set aside while no micro-batch comes; whether there was one to try."""
        due = self._batches.tables.due()
        if not due or not self._at_work.acquire(blocking=False):
            return False
        try:
            self._batches.try_again()
        except Exception:
            log.exception("tables that were set aside could not be tried again")
            self._batches.tables.postpone(due)
        finally:
            self._at_work.release()
        self._note(due)
        return True

    def keep_up(self) -> None:
        """A bounded step of maintenance while no micro-batch comes: a backlog's files do not stay as they are."""
        if time.monotonic() - self._ended < _CALM_SECONDS or not self._at_work.acquire(blocking=False):
            return
        try:
            self._batches.tables.maintain_next()
        except Exception:
            log.exception("a table could not be maintained")
            self._ended = time.monotonic() + _PAUSE_AFTER_ERROR_SECONDS
        finally:
            self._at_work.release()

    def note_needed_rows(self, seen: Mapping[str, TableUpkeep]) -> None:
        """Of tables that no micro-batch had changes of since the start."""
        for folder, upkeep in seen.items():
            table = SourceTable.of_path(folder)
            if upkeep.needs_rows and table not in self.totals.tables:
                self.totals.note(table, {"needsRows": upkeep.needs_rows})

    def _note(self, tables: Iterable[SourceTable]) -> None:
        for table in tables:
            self.totals.note(table, self._batches.tables.standing(table))


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
