"""Whether a Delta table can be read at all."""

from __future__ import annotations

from cdc.lake.data_files import DataFiles
from cdc.lake.storage import Storage
from cdc.lake.table_log import DamagedTable, TableLog
from cdc.lake.table_schema import columns_of


def require_whole(folder: Storage) -> None:
    """Raises DamagedTable, UnsupportedTable or ValueError unless the table, if there is one, has all its files."""
    log = TableLog(folder)
    snapshot = log.snapshot()
    if snapshot.version < 0:
        return
    log.require_newest(snapshot)
    columns_of(snapshot)
    if missing := DataFiles(folder).missing(list(snapshot.files.values())):
        raise DamagedTable(f"{folder.name}: {len(missing)} of its files are gone, such as {missing[0]}")
