"""The Delta table that holds every change of one source table."""

import json

from pyspark.sql import DataFrame, SparkSession

from cdc.delta_log import user_metadata


class ChangeTable:
    """Appends the micro-batches of one streaming query, each once.

    Every commit says which micro-batch it is (`userMetadata`). A micro-batch can be repeated only as the first one
    after a restart, so that only then the table's log is asked whether it was committed before. Delta's own
    `txnAppId` asks each time, and reads the whole log back for it: a third of a micro-batch's work.
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
        for text in user_metadata(self._spark, self._path):
            try:
                commit = json.loads(text)
            except ValueError:
                continue  # somebody else's note
            if isinstance(commit, dict) and commit.get("queryId") == self._query_id:
                return commit["batchId"]
        return -1

    def _map_columns(self) -> None:
        """Lets an existing table have any column name. A new one gets the property when it is created."""
        jvm = self._spark.sparkContext._jvm
        if self._maps_columns or not jvm.io.delta.tables.DeltaTable.isDeltaTable(
            self._spark._jsparkSession, self._path
        ):
            return
        name = "delta.columnMapping.mode"
        if self._spark.sql(f"SHOW TBLPROPERTIES delta.`{self._path}` ('{name}')").first()["value"] != "name":
            self._spark.sql(f"ALTER TABLE delta.`{self._path}` SET TBLPROPERTIES ('{name}' = 'name')")
        self._maps_columns = True
