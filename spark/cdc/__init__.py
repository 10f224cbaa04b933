"""Change data capture: Debezium's change events from Kafka into Delta tables."""
