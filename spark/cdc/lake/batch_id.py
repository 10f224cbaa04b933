"""Which micro-batch a commit is of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BatchId:
    query_id: str
    """of the streaming query's checkpoint"""
    number: int
    """counts up from 0; a micro-batch that is repeated has the same number"""

    @property
    def note(self) -> dict[str, object]:
        """What a commit says of it in its userMetadata."""
        return {"queryId": self.query_id, "batchId": self.number}
