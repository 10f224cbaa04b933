#!/bin/sh
# kafka-run-class.sh [--server|--tool] CLASS ARGUMENT...: runs a main class of Kafka.
#
# A server takes KAFKA_HEAP_OPTS, KAFKA_JVM_PERFORMANCE_OPTS and KAFKA_OPTS, as with Kafka's own scripts.
# A tool runs beside the server in the same container, so it has a small heap and a quick start of its own:
# KAFKA_TOOL_HEAP_OPTS, KAFKA_TOOL_OPTS.
set -eu
kind=tool
case $1 in
  --server | --tool) kind=${1#--} && shift ;;
esac

classpath=
for jar in /kafka/libs/*.jar; do
  classpath=$classpath:$jar
done

if [ "$kind" = server ]; then
  archive=/kafka/class-archives/$1.jsa
  logging=/kafka/config/log4j
  options="${KAFKA_HEAP_OPTS:--Xms256m -Xmx512m} ${KAFKA_JVM_PERFORMANCE_OPTS:--XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35} -XX:+ExitOnOutOfMemoryError ${KAFKA_OPTS:-}"
else
  archive=/kafka/class-archives/tool.jsa
  logging=/kafka/config/tools-log4j
  options="${KAFKA_TOOL_HEAP_OPTS:--Xmx256m} -XX:+UseSerialGC -XX:TieredStopAtLevel=1 ${KAFKA_TOOL_OPTS:-}"
fi

# Recorded when the image was built (record-classes); Java starts without it, only slower, where it does not fit. Mapped where
# it was recorded to be: at a random address, which is Java's default, a process would change most of it and so keep a copy.
if [ -e "$archive" ]; then
  options="-XX:SharedArchiveFile=$archive -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 $options"
fi

# Logging: the first file is for Kafka 3 (reload4j), the second for Kafka 4 (log4j 2). Java's own messages stay off standard output.
# shellcheck disable=SC2086 # options are several words
exec java $options -Xlog:disable -Xlog:all=error:stderr -Djava.awt.headless=true \
  "-Dlog4j.configuration=file:$logging.properties" "-Dlog4j2.configurationFile=${logging}2.properties" \
  -cp "${classpath#:}" "$@"
