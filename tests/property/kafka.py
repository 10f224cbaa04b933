"""What the connector wrote into Kafka."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition
from confluent_kafka.admin import AdminClient


@dataclass(frozen=True)
class Record:
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes


class Topics:
    def __init__(self, bootstrap_servers: str) -> None:
        self._servers = bootstrap_servers
        self._admin = AdminClient({"bootstrap.servers": bootstrap_servers})

    def of(self, prefix: str) -> list[str]:
        return sorted(name for name in self._admin.list_topics(timeout=30).topics if name.startswith(f"{prefix}."))

    def remove(self, prefix: str) -> None:
        names = self.of(prefix)
        if names:
            for done in self._admin.delete_topics(names, operation_timeout=30).values():
                with suppress(KafkaException):
                    done.result()

    def read(self, topics: Iterable[str]) -> list[Record]:
        """Everything committed in topics, in their order, without tombstones."""
        consumer = self._consumer()
        try:
            places = self._places(consumer, topics)
            ends = {}
            for place in places:
                low, high = consumer.get_watermark_offsets(place, timeout=30)
                if high > low:
                    ends[place.topic, place.partition] = high
            consumer.assign([TopicPartition(topic, partition, 0) for topic, partition in ends])
            records: list[Record] = []
            while ends:
                for message in consumer.consume(5_000, timeout=1):
                    if (place := self._end(message)) is not None:
                        ends.pop(place, None)
                    elif message.value() is not None:
                        records.append(_record(message))
            return sorted(records, key=lambda record: (record.topic, record.partition, record.offset))
        finally:
            consumer.close()

    def wait_for(self, topic: str, is_it: Callable[[Record], bool], seconds: float, check: Callable[[], None]) -> None:
        """Until a topic, which may not be there yet, has a certain record.

        check: called now and then, to raise what is wrong. Raises TimeoutError.
        """
        deadline = time.monotonic() + seconds
        consumer = self._consumer()
        try:
            consumer.assign([TopicPartition(topic, 0, 0)])
            checked = time.monotonic()
            while time.monotonic() < deadline:
                for message in consumer.consume(1_000, timeout=0.1):
                    if message.error() is None and message.value() is not None and is_it(_record(message)):
                        return
                if time.monotonic() > checked + 3:
                    checked = time.monotonic()
                    check()
            raise TimeoutError(f"topic {topic} did not get what was waited for within {seconds} s")
        finally:
            consumer.close()

    def _consumer(self) -> Consumer:
        return Consumer(
            {
                "bootstrap.servers": self._servers,
                "group.id": f"property-{uuid.uuid4()}",
                "enable.auto.commit": False,
                "auto.offset.reset": "earliest",
                "isolation.level": "read_committed",
                "enable.partition.eof": True,
                "fetch.wait.max.ms": 50,
                "topic.metadata.refresh.interval.ms": 500,
                "allow.auto.create.topics": False,
            }
        )

    def _places(self, consumer: Consumer, topics: Iterable[str]) -> list[TopicPartition]:
        known = consumer.list_topics(timeout=30).topics
        return [
            TopicPartition(topic, number) for topic in topics if topic in known for number in known[topic].partitions
        ]

    @staticmethod
    def _end(message: Message) -> tuple[str, int] | None:
        error = message.error()
        if error is None:
            return None
        if error.name() == "_PARTITION_EOF":
            return message.topic(), message.partition()
        raise KafkaException(error)


def _record(message: Message) -> Record:
    return Record(message.topic(), message.partition(), message.offset(), message.key(), message.value())
