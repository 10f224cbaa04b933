"""What users choose of current-state tables."""

from __future__ import annotations

from dataclasses import dataclass

from cdc.lake.retention import DEFAULT, Retention
from cdc.lake.rows import ValueRules


@dataclass(frozen=True)
class TableOptions:
    soft_delete: bool = False
    """keep deleted rows, with true in the column _deleted"""
    on_schema_change: str = "evolve"
    """evolve: follow | ignore: keep the columns | fail: raise SchemaChanged"""
    retention: Retention = DEFAULT
    """how long files that the table no longer needs are kept"""
    values_out_of_range: str = "rescue"
    """rescue: NULL, and PostgreSQL's text in _rescued_data | reject: the change is rejected"""

    @property
    def rules(self) -> ValueRules:
        return ValueRules(self.values_out_of_range, follow=self.on_schema_change == "evolve")
