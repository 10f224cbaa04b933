package cdc.connect;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes schemas with one producer as long as they keep coming: a connector's first messages bring one for each of its tables. Connect never closes its
 * converters, so a producer that has nothing to do is closed.
 */
final class SchemaWriter {
  /** Makes a producer for the topic, which is there then. */
  interface Opening {
    Producer<byte[], byte[]> open() throws ExecutionException, InterruptedException;
  }

  private final String topic;
  private final Opening producers;
  private final long idleNs;
  private Producer<byte[], byte[]> producer;
  private long lastUse;

  SchemaWriter(String topic, Opening producers, Duration idle) {
    this.topic = topic;
    this.producers = producers;
    this.idleNs = idle.toNanos();
  }

  /** @throws ExecutionException as its cause: why Kafka did not take it */
  synchronized void write(String key, byte[] schema) throws ExecutionException, InterruptedException {
    boolean isWritten = false;
    try {
      if (producer == null) producer = producers.open();
      producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), schema)).get();
      isWritten = true;
    } finally {
      lastUse = System.nanoTime();
      if (!isWritten) close();
    }
    CompletableFuture.delayedExecutor(idleNs, TimeUnit.NANOSECONDS).execute(this::closeIdle);
  }

  private synchronized void closeIdle() {
    if (System.nanoTime() - lastUse >= idleNs) close();
  }

  /** Without waiting: what it was given is written, or was said not to be. */
  private void close() {
    if (producer != null) producer.close(Duration.ZERO);
    producer = null;
  }
}
