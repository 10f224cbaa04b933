package cdc.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class SchemaWriterTest {
  private static final byte[] SCHEMA = {1};

  private final List<MockProducer<byte[], byte[]>> opened = new ArrayList<>();

  private Producer<byte[], byte[]> open() {
    MockProducer<byte[], byte[]> producer =
        // The constructor that both lines of Kafka have.
        new MockProducer<>(Cluster.empty(), true, null, new ByteArraySerializer(), new ByteArraySerializer());
    opened.add(producer);
    return producer;
  }

  private SchemaWriter writer(Duration idle) {
    return new SchemaWriter("schemas", this::open, idle);
  }

  @Test
  void allSchemasAreWrittenByOneProducer() throws Exception {
    SchemaWriter writer = writer(Duration.ofMinutes(1));
    for (int table = 0; table < 130; table++) writer.write("key " + table, SCHEMA);
    assertEquals(1, opened.size());
    assertEquals(130, opened.get(0).history().size());
    assertEquals("key 129", new String(opened.get(0).history().get(129).key()));
  }

  @Test
  void aProducerThatFailedIsClosedAndTheNextOneWrites() throws Exception {
    SchemaWriter writer = writer(Duration.ofMinutes(1));
    writer.write("a", SCHEMA);
    opened.get(0).sendException = new TimeoutException("no leader");
    assertThrows(TimeoutException.class, () -> writer.write("b", SCHEMA));
    assertTrue(opened.get(0).closed());
    writer.write("b", SCHEMA);
    assertEquals(1, opened.get(1).history().size());
  }

  @Test
  void aTopicThatCannotBeMadeIsSaidEachTime() {
    SchemaWriter writer = new SchemaWriter("schemas", () -> { throw new ExecutionException(new TimeoutException("no broker")); }, Duration.ofMinutes(1));
    for (int attempt = 0; attempt < 2; attempt++) assertThrows(ExecutionException.class, () -> writer.write("a", SCHEMA));
  }

  @Test
  void aProducerThatHasNothingToDoIsClosed() throws Exception {
    SchemaWriter writer = writer(Duration.ofMillis(20));
    writer.write("a", SCHEMA);
    for (int wait = 0; wait < 500 && !opened.get(0).closed(); wait++) Thread.sleep(20);
    assertTrue(opened.get(0).closed());
    writer.write("b", SCHEMA);
    assertEquals(2, opened.size());
  }
}
