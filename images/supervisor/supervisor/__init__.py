"""Restarts FAILED connectors and tasks of Kafka Connect, with growing pauses."""
