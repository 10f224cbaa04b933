package cdc.connect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.Test;

class SchemaCachingJsonConverterTest {
  private static final Schema ROW =
      SchemaBuilder.struct().name("server.public.customers.Value").optional()
          .field("id", Schema.INT64_SCHEMA)
          .field("name", Schema.OPTIONAL_STRING_SCHEMA)
          .field("price", Decimal.builder(2).optional().build())
          .field("at", Timestamp.builder().optional().build())
          .field("kind", SchemaBuilder.string().defaultValue("\"none\" ü").build())
          .field("snapshot", SchemaBuilder.string().optional().defaultValue("false").build())
          .field("stock", SchemaBuilder.int32().optional().defaultValue(7).build())
          .field("tags", SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA).optional().build())
          .field("more", SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.OPTIONAL_FLOAT64_SCHEMA).optional().build())
          .field("data", Schema.OPTIONAL_BYTES_SCHEMA)
          .field("small", Schema.OPTIONAL_INT16_SCHEMA)
          .field("tiny", Schema.OPTIONAL_INT8_SCHEMA)
          .field("ratio", Schema.OPTIONAL_FLOAT64_SCHEMA)
          .field("half", Schema.OPTIONAL_FLOAT32_SCHEMA)
          .field("good", Schema.OPTIONAL_BOOLEAN_SCHEMA)
          .build();
  private static final Schema CHANGE =
      SchemaBuilder.struct().name("server.public.customers.Envelope").version(2)
          .field("before", ROW).field("after", ROW).field("op", Schema.STRING_SCHEMA)
          .build();

  private static final List<Map<String, String>> SETTINGS =
      List.of(
          Map.of(),
          Map.of("schemas.enable", "true"),
          Map.of("schemas.topic", " "),
          Map.of("schemas.enable", "false"),
          Map.of("decimal.format", "NUMERIC"),
          Map.of("replace.null.with.default", "false"));

  private static Struct row(long id, String name) {
    Struct row = new Struct(ROW).put("id", id).put("name", name).put("kind", "x");
    if (id % 2 == 0) return row;
    return row.put("price", new BigDecimal("12.30")).put("at", new Date(1_700_000_000_123L))
        .put("tags", List.of("a", "},\"payload\":{")).put("more", Map.of("ratio", 0.1)).put("data", new byte[] {0, 1, -1})
        .put("snapshot", "first").put("stock", (int) id)
        .put("small", (short) -3).put("tiny", (byte) 4).put("good", true).put("half", 0.1f)
        .put("ratio", List.of(1e-7, 1e22, Double.NaN, Double.NEGATIVE_INFINITY, 0.1, -0.0).get((int) (id / 2 % 6)));
  }

  private static Struct change(long id) {
    Struct change = new Struct(CHANGE).put("op", "u").put("after", row(id, "Žofie \"}\\ \u2028 😀 " + id));
    return id % 3 == 0 ? change : change.put("before", row(id + 1, null));
  }

  @Test
  void messagesAreThoseOfKafkasConverter() {
    for (Map<String, String> settings : SETTINGS) {
      for (boolean isKey : List.of(false, true)) {
        JsonConverter kafkas = new JsonConverter();
        JsonConverter ours = new SchemaCachingJsonConverter();
        kafkas.configure(settings, isKey);
        ours.configure(settings, isKey);
        for (long id = 0; id < 12; id++) {
          same(kafkas, ours, CHANGE, change(id));
          same(kafkas, ours, ROW, row(id, "n"));
          same(kafkas, ours, ROW, null);
          same(kafkas, ours, null, Map.of("id", id));
          same(kafkas, ours, null, null);
          same(kafkas, ours, Schema.INT64_SCHEMA, id);
        }
      }
    }
  }

  @Test
  void nullStaysNullWhereDefaultsAreNotToReplaceIt() {
    JsonConverter ours = new SchemaCachingJsonConverter();
    ours.configure(Map.of("schemas.enable", "true", "replace.null.with.default", "false"), false);
    for (long id = 0; id < 4; id += 2) {
      String message = new String(ours.fromConnectData("topic", ROW, row(id, null)), StandardCharsets.UTF_8);
      assertTrue(message.contains(",\"snapshot\":null,\"stock\":null,"), message);
    }
  }

  @Test
  void whatKafkasConverterRefusesIsRefused() {
    JsonConverter ours = new SchemaCachingJsonConverter();
    ours.configure(Map.of(), false);
    ours.fromConnectData("topic", CHANGE, change(1));
    // `op` is not optional, and nobody checks that before it is written.
    assertThrows(DataException.class, () -> ours.fromConnectData("topic", CHANGE, new Struct(CHANGE)));
  }

  @Test
  void schemasInATopicAreReferredToAndFoundAgain() {
    SchemaStore store = new SchemaStore() {
      private final Map<String, byte[]> schemas = new HashMap<>();

      @Override
      public String put(byte[] schema) {
        String reference = "kafka:schemas/" + schemas.size();
        schemas.put(reference, schema);
        return reference;
      }

      @Override
      public byte[] get(String reference) {
        if (!schemas.containsKey(reference)) throw new ConnectException("There is no schema " + reference + ".");
        return schemas.get(reference);
      }
    };
    JsonConverter kafkas = new JsonConverter();
    JsonConverter reader = new SchemaCachingJsonConverter((topic, clients) -> store);
    JsonConverter ours = new SchemaCachingJsonConverter((topic, clients) -> {
      assertEquals("schemas", topic);
      assertEquals(Map.of("bootstrap.servers", "kafka:9092", "security.protocol", "SSL"), clients);
      return store;
    });
    Map<String, String> clients =
        Map.of("schemas.topic.bootstrap.servers", "kafka:9092", "schemas.topic.security.protocol", "SSL");
    Map<String, String> settings = new HashMap<>(clients);
    settings.put("schemas.topic", "schemas");
    kafkas.configure(Map.of(), false);
    ours.configure(settings, false);
    reader.configure(clients, false);
    for (long id = 0; id < 12; id++) {
      byte[] whole = kafkas.fromConnectData("topic", CHANGE, change(id));
      byte[] found = ours.fromConnectData("topic", CHANGE, change(id));
      String text = new String(found, StandardCharsets.UTF_8);
      assertTrue(text.startsWith("{\"schema\":{\"type\":\"struct\",\"$ref\":\"kafka:schemas/0\"},\"payload\":{\"before\":"), text);
      assertEquals(kafkas.toConnectData("topic", whole), ours.toConnectData("topic", found));
      // One that is told only where Kafka is reads them, and writes whole ones.
      assertEquals(kafkas.toConnectData("topic", whole), reader.toConnectData("topic", found));
      same(kafkas, reader, CHANGE, change(id));
      // Those from before the setting are still in the topic.
      assertEquals(kafkas.toConnectData("topic", whole), ours.toConnectData("topic", whole));
    }
    same(kafkas, ours, Schema.INT64_SCHEMA, 7L);
    assertNull(ours.fromConnectData("topic", null, null));
    assertEquals(kafkas.toConnectData("topic", null), ours.toConnectData("topic", null));
    byte[] lost = "{\"schema\":{\"type\":\"struct\",\"$ref\":\"kafka:schemas/9\"},\"payload\":{}}".getBytes(StandardCharsets.UTF_8);
    assertThrows(ConnectException.class, () -> ours.toConnectData("topic", lost));
  }

  @Test
  void aTopicForSchemasNeedsServers() {
    JsonConverter ours = new SchemaCachingJsonConverter();
    assertThrows(ConfigException.class, () -> ours.configure(Map.of("schemas.topic", "schemas"), false));
  }

  private static void same(JsonConverter kafkas, JsonConverter ours, Schema schema, Object value) {
    byte[] expected = kafkas.fromConnectData("topic", schema, value);
    byte[] found = ours.fromConnectData("topic", schema, value);
    if (expected == null) {
      assertNull(found);
      return;
    }
    assertArrayEquals(expected, found, () -> new String(found, StandardCharsets.UTF_8));
    assertEquals(kafkas.toConnectData("topic", expected), ours.toConnectData("topic", found));
  }
}
