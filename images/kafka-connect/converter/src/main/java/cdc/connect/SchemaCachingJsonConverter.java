package cdc.connect;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.json.JsonConverterConfig;

/**
 * Kafka's JsonConverter, byte for byte, for less: of a message with its schema, the schema is most of the text and the same
 * in every message of a table, and Kafka's writes it out anew each time. This one copies it.
 *
 * <p>With `schemas.topic` it is not in the message at all: the schema is kept in that topic, once, and the message has
 * `{"schema":{"type":"struct","$ref":"kafka:<topic>/<key>"},"payload":…}`. `schemas.topic.bootstrap.servers`, and whatever else Kafka's
 * clients need after the prefix `schemas.topic.`, say how to reach it. With the latter alone messages are written whole, and
 * both kinds are read: a reference names its topic.
 *
 * <p>With `max.message.bytes`, `oversized` says what becomes of a larger message: {@link MessageLimit}.
 *
 * <p>Otherwise it has JsonConverter's settings. Not for several threads at once; Connect has one converter a task.
 */
public final class SchemaCachingJsonConverter extends JsonConverter {
  private static final String SCHEMAS_TOPIC = "schemas.topic";
  private static final String CLIENTS = SCHEMAS_TOPIC + ".";
  private static final String BOOTSTRAP_SERVERS = "bootstrap.servers";

  /** More than the tables of a connector, so that only schemas that nobody uses any more go. */
  private static final int MOST_SCHEMAS = 10_000;

  private static final byte[] NOTHING = {};
  private static final byte[] SCHEMA = utf8("{\"schema\":");
  private static final byte[] REFERENCE = utf8("{\"schema\":{\"type\":\"struct\",\"$ref\":\"");
  private static final byte[] REFERENCE_END = utf8("\"}");
  private static final byte[] PAYLOAD = utf8(",\"payload\":");
  private static final byte END = '}';

  private final JsonConverter withoutSchema = new JsonConverter();
  private final PayloadWriter payloads = new PayloadWriter(withoutSchema);
  private final BiFunction<String, Map<String, Object>, SchemaStore> stores;

  /** Schema → what its messages begin with: {"schema":…,"payload": */
  private final Map<Schema, byte[]> beginnings = new IdentityHashMap<>();

  private boolean withSchemas;

  /** Null: nothing is known of a Kafka that keeps schemas. */
  private SchemaStore store;

  /** Whether what is written refers to its schema. */
  private boolean refers;

  private boolean isKey;

  /** Null: there is none. */
  private MessageLimit limit;

  public SchemaCachingJsonConverter() {
    this(SchemaTopic::new);
  }

  /** @param stores makes what keeps schemas, of the topic's name and the settings of clients */
  SchemaCachingJsonConverter(BiFunction<String, Map<String, Object>, SchemaStore> stores) {
    this.stores = stores;
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    super.configure(configs, isKey);
    this.isKey = isKey;
    limit = MessageLimit.of(configs);
    Map<String, Object> others = new HashMap<>(configs);
    others.put(JsonConverterConfig.SCHEMAS_ENABLE_CONFIG, false);
    withoutSchema.configure(others, isKey);
    beginnings.clear();
    Object enabled = configs.get(JsonConverterConfig.SCHEMAS_ENABLE_CONFIG);
    withSchemas = enabled == null ? JsonConverterConfig.SCHEMAS_ENABLE_DEFAULT : Boolean.parseBoolean(enabled.toString());
    String topic = configs.get(SCHEMAS_TOPIC) == null ? "" : configs.get(SCHEMAS_TOPIC).toString().trim();
    Map<String, Object> clients = clients(configs);
    refers = !topic.isEmpty();
    if (refers && !clients.containsKey(BOOTSTRAP_SERVERS)) {
      throw new ConfigException(
          CLIENTS + BOOTSTRAP_SERVERS, null, "it is needed beside " + SCHEMAS_TOPIC + ": the Kafka cluster that has the topic");
    }
    store = clients.containsKey(BOOTSTRAP_SERVERS) ? stores.apply(topic, clients) : null;
  }

  private static Map<String, Object> clients(Map<String, ?> configs) {
    Map<String, Object> clients = new HashMap<>();
    configs.forEach((key, value) -> {
      if (key.startsWith(CLIENTS)) clients.put(key.substring(CLIENTS.length()), value);
    });
    return clients;
  }

  @Override
  public byte[] fromConnectData(String topic, Schema schema, Object value) {
    byte[] message = written(topic, schema, value);
    if (isKey) MessageLimit.noteKey(message);
    return limit == null ? message : limit.held(message, value, other -> written(topic, schema, other));
  }

  private byte[] written(String topic, Schema schema, Object value) {
    if (!withSchemas || schema == null || value == null) return super.fromConnectData(topic, schema, value);
    byte[] beginning = beginnings.get(schema);
    if (beginning == null) {
      byte[] message = super.fromConnectData(topic, schema, value);
      beginning = learn(schema, message, payloads.write(topic, schema, value, NOTHING, END));
      if (beginning == null) return message;
    }
    return payloads.write(topic, schema, value, beginning, END);
  }

  /** @return null when the message is not laid out as expected: then it is left as it is */
  private byte[] learn(Schema schema, byte[] message, byte[] payload) {
    int length = message.length - payload.length;
    if (!Arrays.equals(message, length, message.length, payload, 0, payload.length)) return null;
    if (!endsWith(message, length, PAYLOAD)) return null;
    byte[] beginning = Arrays.copyOf(message, length);
    if (refers && schema.type() == Schema.Type.STRUCT) {
      byte[] text = Arrays.copyOfRange(message, SCHEMA.length, length - PAYLOAD.length);
      beginning = joined(REFERENCE, utf8(store.put(text)), REFERENCE_END, PAYLOAD);
    }
    if (beginnings.size() >= MOST_SCHEMAS) beginnings.clear();
    beginnings.put(schema, beginning);
    return beginning;
  }

  @Override
  public SchemaAndValue toConnectData(String topic, byte[] message) {
    return super.toConnectData(topic, store == null ? message : withSchema(message));
  }

  /** The message with its schema in the place of the reference. */
  private byte[] withSchema(byte[] message) {
    if (message == null || !Arrays.equals(message, 0, Math.min(message.length, REFERENCE.length), REFERENCE, 0, REFERENCE.length)) {
      return message;
    }
    int end = REFERENCE.length;
    while (end < message.length && message[end] != '"') end++;
    byte[] schema = store.get(new String(message, REFERENCE.length, end - REFERENCE.length, StandardCharsets.UTF_8));
    int rest = Math.min(message.length, end + REFERENCE_END.length);
    return joined(SCHEMA, schema, Arrays.copyOfRange(message, rest, message.length));
  }

  private static boolean endsWith(byte[] bytes, int length, byte[] end) {
    return length >= end.length && Arrays.equals(bytes, length - end.length, length, end, 0, end.length);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) all.writeBytes(part);
    return all.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
