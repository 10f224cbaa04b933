package cdc.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class MessageLimitTest {
  private static final Schema KEY = SchemaBuilder.struct().field("id", Schema.STRING_SCHEMA).build();
  private static final Schema ROW =
      SchemaBuilder.struct().optional().field("id", Schema.STRING_SCHEMA).field("body", Schema.OPTIONAL_STRING_SCHEMA).field("note", Schema.OPTIONAL_STRING_SCHEMA).build();
  private static final Schema SOURCE = SchemaBuilder.struct().field("schema", Schema.STRING_SCHEMA).field("table", Schema.STRING_SCHEMA).build();
  private static final Schema CHANGE =
      SchemaBuilder.struct().field("before", ROW).field("after", ROW).field("source", SOURCE).field("op", Schema.STRING_SCHEMA).build();

  private static Struct row(int body, int note) {
    return new Struct(ROW).put("id", "7").put("body", "x".repeat(body)).put("note", "n".repeat(note));
  }

  private static Struct change(int body, int note) {
    return new Struct(CHANGE).put("before", row(body, note)).put("after", row(body, note)).put("op", "u")
        .put("source", new Struct(SOURCE).put("schema", "rw").put("table", "documents"));
  }

  private static byte[] converted(Struct change, String oversized) {
    SchemaCachingJsonConverter keys = new SchemaCachingJsonConverter();
    keys.configure(Map.of(), true);
    keys.fromConnectData("t", KEY, new Struct(KEY).put("id", "7"));
    SchemaCachingJsonConverter values = new SchemaCachingJsonConverter();
    values.configure(Map.of("max.message.bytes", "1000000", "oversized", oversized), false);
    return values.fromConnectData("t", CHANGE, change);
  }

  @Test
  void aMessageThatFitsIsAsItIs() {
    assertTrue(converted(change(400_000, 5), "fail").length > 800_000);
  }

  @Test
  void aLargerOneFailsWithTableKeyAndSize() {
    DataException error = assertThrows(DataException.class, () -> converted(change(600_000, 5), "fail"));
    assertTrue(error.getMessage().matches("table rw\\.documents, key \\{\"id\":\"7\"}: the change has 1200\\d+ bytes, and a message may have 1000000 .*"), error.getMessage());
  }

  @Test
  void aLargerOneGoesOnWithoutItsLargeValuesWhenTold() throws Exception {
    JsonNode payload = new ObjectMapper().readTree(converted(change(600_000, 5), "mark")).get("payload");
    assertEquals("7", payload.get("after").get("id").textValue());
    assertEquals("nnnnn", payload.get("after").get("note").textValue());
    assertTrue(payload.get("after").get("body").textValue().startsWith("\0the change has 1200"));
    assertEquals("\0", payload.get("before").get("body").textValue());
    assertEquals("rw", payload.get("source").get("schema").textValue());
  }

  @Test
  void manyValuesOfMiddlingSizeAreTakenOutAsWell() throws Exception {
    SchemaBuilder wide = SchemaBuilder.struct().optional();
    for (int i = 0; i < 40; i++) wide.field("c" + i, Schema.OPTIONAL_STRING_SCHEMA);
    Schema row = wide.build();
    Schema schema = SchemaBuilder.struct().field("after", row).build();
    Struct after = new Struct(row);
    for (int i = 0; i < 40; i++) after.put("c" + i, "x".repeat(50_000));
    SchemaCachingJsonConverter values = new SchemaCachingJsonConverter();
    values.configure(Map.of("max.message.bytes", "1000000", "oversized", "mark"), false);
    JsonNode payload = new ObjectMapper().readTree(values.fromConnectData("t", schema, new Struct(schema).put("after", after))).get("payload");
    assertTrue(payload.get("after").get("c39").textValue().startsWith("\0the change has"));
  }

  @Test
  void settingsAreChecked() {
    assertThrows(ConfigException.class, () -> converted(change(1, 1), "perhaps"));
    assertThrows(ConfigException.class, () -> new SchemaCachingJsonConverter().configure(Map.of("max.message.bytes", "much"), false));
  }
}
