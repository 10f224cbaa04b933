package cdc.connect;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.json.JsonConverterConfig;

/**
 * Kafka's JsonConverter, byte for byte, for less: of a message with its schema, the schema is most of the text and the same
 * in every message of a table, and Kafka's writes it out anew each time. This one copies it.
 *
 * <p>It has JsonConverter's settings. Not for several threads at once; Connect has one converter a task.
 */
public final class SchemaCachingJsonConverter extends JsonConverter {
  /** More than the tables of a connector, so that only schemas that nobody uses any more go. */
  private static final int MOST_SCHEMAS = 10_000;

  private final JsonConverter withoutSchema = new JsonConverter();

  /** Schema → what its messages begin with: {"schema":…,"payload": */
  private final Map<Schema, byte[]> beginnings = new IdentityHashMap<>();

  private boolean withSchemas;

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    super.configure(configs, isKey);
    Map<String, Object> others = new HashMap<>(configs);
    others.put(JsonConverterConfig.SCHEMAS_ENABLE_CONFIG, false);
    withoutSchema.configure(others, isKey);
    beginnings.clear();
    Object enabled = configs.get(JsonConverterConfig.SCHEMAS_ENABLE_CONFIG);
    withSchemas = enabled == null ? JsonConverterConfig.SCHEMAS_ENABLE_DEFAULT : Boolean.parseBoolean(enabled.toString());
  }

  @Override
  public byte[] fromConnectData(String topic, Schema schema, Object value) {
    if (!withSchemas || schema == null || value == null) {
      return super.fromConnectData(topic, schema, value);
    }
    byte[] beginning = beginnings.get(schema);
    if (beginning == null) {
      byte[] message = super.fromConnectData(topic, schema, value);
      learn(schema, message, withoutSchema.fromConnectData(topic, schema, value));
      return message;
    }
    byte[] payload = withoutSchema.fromConnectData(topic, schema, value);
    return ByteBuffer.allocate(beginning.length + payload.length + 1)
        .put(beginning)
        .put(payload)
        .put((byte) '}')
        .array();
  }

  private void learn(Schema schema, byte[] message, byte[] payload) {
    int length = message.length - payload.length - 1;
    if (!Arrays.equals(message, length, message.length - 1, payload, 0, payload.length)) return;
    if (beginnings.size() >= MOST_SCHEMAS) beginnings.clear();
    beginnings.put(schema, Arrays.copyOf(message, length));
  }
}
