"""Streams Debezium's change events from Kafka topics into Delta tables in the lake.

spark-submit streaming_from_kafka_to_minio.py --help
"""

import sys

from cdc.application import run
from cdc.settings import parse_arguments

if __name__ == "__main__":
    sys.exit(run(parse_arguments(sys.argv[1:])))
