package cdc.connect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
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
          .field("tags", SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA).optional().build())
          .field("more", SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.OPTIONAL_FLOAT64_SCHEMA).optional().build())
          .field("data", Schema.OPTIONAL_BYTES_SCHEMA)
          .build();
  private static final Schema CHANGE =
      SchemaBuilder.struct().name("server.public.customers.Envelope").version(2)
          .field("before", ROW).field("after", ROW).field("op", Schema.STRING_SCHEMA)
          .build();

  private static final List<Map<String, String>> SETTINGS =
      List.of(
          Map.of(),
          Map.of("schemas.enable", "true"),
          Map.of("schemas.enable", "false"),
          Map.of("decimal.format", "NUMERIC"),
          Map.of("replace.null.with.default", "false"));

  private static Struct row(long id, String name) {
    Struct row = new Struct(ROW).put("id", id).put("name", name).put("kind", "x");
    if (id % 2 == 0) return row;
    return row.put("price", new BigDecimal("12.30")).put("at", new Date(1_700_000_000_123L))
        .put("tags", List.of("a", "},\"payload\":{")).put("more", Map.of("ratio", 0.1)).put("data", new byte[] {0, 1, -1});
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
