"""How the brokers are reached, and what they ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class KafkaServers:
    bootstrap: str
    """`host:port,…`"""
    security: Mapping[str, str] = field(default_factory=dict)
    """settings of Kafka's clients in Java, such as `security.protocol`; secrets among them"""

    @property
    def client(self) -> dict[str, str]:
        """Settings of a client."""
        return {"bootstrap.servers": self.bootstrap, **self.security}

    @property
    def options(self) -> dict[str, str]:
        """The same as options of Spark's Kafka source."""
        return {f"kafka.{name}": value for name, value in self.client.items()}
