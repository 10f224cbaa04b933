"""Notices that the application is asked to stop, by SIGTERM or Ctrl-C."""

import signal
import threading

from py4j.java_gateway import JavaGateway
from pyspark.java_gateway import ensure_callback_server_started
from pyspark.sql import SparkSession

_SIGNALS = ("TERM", "INT")


class StopSignal:
    """Set once a signal arrived.

    Under spark-submit the process that a supervisor knows and signals is the JVM, which by default would stop
    Spark in the middle of a micro-batch; so the JVM hands its signals on to here.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._listen_here()

    def listen_in_jvm(self, spark: SparkSession) -> None:
        self._listen_here()  # again: a new SparkContext takes Ctrl-C for itself
        gateway: JavaGateway = spark.sparkContext._gateway
        ensure_callback_server_started(gateway)
        handler = _JvmSignalHandler(self._event)
        for name in _SIGNALS:
            gateway.jvm.sun.misc.Signal.handle(gateway.jvm.sun.misc.Signal(name), handler)

    def _listen_here(self) -> None:
        for name in _SIGNALS:
            signal.signal(getattr(signal, f"SIG{name}"), lambda *_: self._event.set())

    def is_set(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        return self._event.wait(seconds)


class _JvmSignalHandler:
    def __init__(self, event: threading.Event) -> None:
        self._event = event

    def handle(self, _signal: object) -> None:
        self._event.set()

    class Java:
        implements = ["sun.misc.SignalHandler"]  # noqa: RUF012 (py4j wants a list)
