"""The Delta table that holds every change of one source table."""

import json

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession

_HISTORY_PAGE = 50
_NO_TABLE = frozenset({"DELTA_TABLE_NOT_FOUND", "DELTA_MISSING_DELTA_TABLE", "DELTA_PATH_DOES_NOT_EXIST"})


class ChangeTable:
    """Appends the micro-batches of one streaming query, each once.

    Every commit says which micro-batch it is (`userMetadata`). A micro-batch can be repeated only as the first one
    after a restart, so that only then the table's history is asked whether it was committed before. Delta's own
    `txnAppId` would ask for each micro-batch, and reads back the table's whole log for it: a third of the time.
    """

    def __init__(self, spark: SparkSession, path: str, query_id: str) -> None:
        self._spark = spark
        self._path = path
        self._query_id = query_id
        self._last_batch: int | None = None
        self._maps_columns = False

    def append(self, rows: DataFrame, batch_id: int, column_mapping: bool) -> bool:
        """Appends a micro-batch in one commit; false when that commit was there already.

        Columns that the table does not have yet are added to it. `column_mapping` says that there are columns that
        Delta can store only with column mapping.
        """
        if self._last_batch is None:
            self._last_batch = self._last_committed()
        if batch_id <= self._last_batch:
            return False
        if column_mapping:
            self._map_columns()
        (
            rows.write.format("delta")
            .mode("append")
            .option("mergeSchema", "true")
            .option("userMetadata", json.dumps({"queryId": self._query_id, "batchId": batch_id}))
            .options(**({"delta.columnMapping.mode": "name"} if column_mapping else {}))
            .save(self._path)
        )
        self._last_batch = batch_id
        return True

    def _last_committed(self) -> int:
        """Newest micro-batch of the query in the table; -1 when there is none."""
        if not self._exists():
            return -1
        history = self._spark.sql(f"DESCRIBE HISTORY delta.`{self._path}`").select("userMetadata")
        # Ours is nearly always the newest commit; others come from maintenance or other queries.
        for entries in (history.limit(_HISTORY_PAGE), history):
            found = [batch for entry in entries.collect() if (batch := self._batch_of(entry.userMetadata)) is not None]
            if found:
                return max(found)
        return -1

    def _batch_of(self, user_metadata: str | None) -> int | None:
        try:
            commit = json.loads(user_metadata or "")
        except ValueError:
            return None
        return commit["batchId"] if isinstance(commit, dict) and commit.get("queryId") == self._query_id else None

    def _exists(self) -> bool:
        try:
            self._spark.sql(f"DESCRIBE DETAIL delta.`{self._path}`").first()
        except AnalysisException as error:
            if error.getCondition() in _NO_TABLE:
                return False
            raise
        return True

    def _map_columns(self) -> None:
        """Lets an existing table have any column name. A new one gets the property when it is created."""
        if self._maps_columns or not self._exists():
            return
        name = "delta.columnMapping.mode"
        if self._spark.sql(f"SHOW TBLPROPERTIES delta.`{self._path}` ('{name}')").first()["value"] != "name":
            self._spark.sql(f"ALTER TABLE delta.`{self._path}` SET TBLPROPERTIES ('{name}' = 'name')")
        self._maps_columns = True
