"""A value that PostgreSQL has and the lake's type does not."""


class OutOfRange(ValueError):
    """Its column is NULL in the lake, and its text is in `_rescued_data`."""

    def __init__(self, range_: str) -> None:
        super().__init__(f"it is outside of {range_}")
