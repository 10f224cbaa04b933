package cdc.connect;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * A compacted topic with each schema once: key the first 16 hexadecimal digits of its SHA-256, value the schema as JSON.
 * It is made when it is missing. References are `kafka:<topic>/<key>`.
 *
 * <p>Reading is rare, so its client lives for one call.
 */
final class SchemaTopic implements SchemaStore {
  private static final String SCHEME = "kafka:";
  private static final int TIMEOUT_MS = 30_000;
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final String name;
  private final SchemaWriter writer;
  private final Map<String, Object> clients;
  private final Map<String, byte[]> read = new HashMap<>();

  /** Keys of what is there: Debezium makes some tables' schemas anew again and again, and they are the same. */
  private final Set<String> kept = new HashSet<>();

  /**
   * @param name of the topic that `put` writes to; empty when it is never asked to
   * @param clients settings of Kafka's clients: at least `bootstrap.servers`
   */
  SchemaTopic(String name, Map<String, Object> clients) {
    this.name = name;
    this.clients = new HashMap<>(clients);
    this.clients.putIfAbsent("request.timeout.ms", TIMEOUT_MS);
    this.clients.putIfAbsent("default.api.timeout.ms", TIMEOUT_MS);
    this.writer = new SchemaWriter(name, this::producer, IDLE);
  }

  @Override
  public String put(byte[] schema) {
    String key = key(schema);
    if (kept.contains(key)) return SCHEME + name + "/" + key;
    try {
      writer.write(key, schema);
      kept.add(key);
    } catch (ExecutionException | KafkaException error) {
      Throwable cause = error instanceof ExecutionException ? error.getCause() : error;
      throw new ConnectException("The schema " + key + " cannot be kept in the topic " + name + ": " + cause.getMessage(), cause);
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
      throw new ConnectException("Interrupted while the schema " + key + " was being kept in the topic " + name, error);
    }
    return SCHEME + name + "/" + key;
  }

  @Override
  public byte[] get(String reference) {
    int slash = reference.lastIndexOf('/');
    if (!reference.startsWith(SCHEME) || slash < 0) {
      throw new ConnectException("No reference to a schema: " + reference + ". Expected " + SCHEME + "<topic>/<key>.");
    }
    if (!read.containsKey(reference)) readAll(reference.substring(SCHEME.length(), slash));
    byte[] schema = read.get(reference);
    if (schema == null) throw new ConnectException("There is no schema " + reference + ".");
    return schema;
  }

  private void create() throws ExecutionException, InterruptedException {
    NewTopic topic =
        new NewTopic(name, Optional.of(1), Optional.empty())
            .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    try (Admin admin = Admin.create(clients)) {
      if (admin.listTopics().names().get().contains(name)) return;
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException error) {
      if (!(error.getCause() instanceof TopicExistsException)) throw error;
    }
  }

  private Producer<byte[], byte[]> producer() throws ExecutionException, InterruptedException {
    create();
    Map<String, Object> settings = new HashMap<>(clients);
    settings.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * TIMEOUT_MS);
    ByteArraySerializer bytes = new ByteArraySerializer();
    return new KafkaProducer<>(settings, bytes, bytes);
  }

  private void readAll(String topic) {
    Map<String, Object> settings = new HashMap<>(clients);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    TopicPartition partition = new TopicPartition(topic, 0);
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofSeconds(1)).forEach(record ->
            read.put(SCHEME + topic + "/" + new String(record.key(), StandardCharsets.UTF_8), record.value()));
      }
    } catch (KafkaException error) {
      throw new ConnectException("The schemas of the topic " + topic + " cannot be read: " + error.getMessage(), error);
    }
  }

  private static String key(byte[] schema) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(schema), 0, 8);
    } catch (NoSuchAlgorithmException error) {
      throw new AssertionError(error); // every Java has it
    }
  }
}
