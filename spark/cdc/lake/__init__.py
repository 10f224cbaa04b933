"""Delta tables written by the driver itself: each source table's current state and its change log."""
