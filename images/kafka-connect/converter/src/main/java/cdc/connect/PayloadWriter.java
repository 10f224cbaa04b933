package cdc.connect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.json.JsonConverter;

/**
 * Values as JsonConverter writes them, without its tree of nodes for each message. What is not plain (decimals, times,
 * maps, defaults, errors) is left to the JsonConverter.
 */
final class PayloadWriter {
  /** More than the tables of a connector have structures, so that only schemas that nobody uses any more go. */
  private static final int MOST_STRUCTURES = 30_000;

  /** A buffer that was needed for one large value does not stay. */
  private static final int MOST_KEPT_BYTES = 1 << 20;

  /** Names of types that JsonConverter writes in a form of their own. */
  private static final Set<String> LOGICAL =
      Set.of(Decimal.LOGICAL_NAME, Date.LOGICAL_NAME, Time.LOGICAL_NAME, Timestamp.LOGICAL_NAME);

  private final JsonFactory json = new JsonFactory();
  private final JsonConverter withoutSchema;
  private final Map<Schema, Structure> structures = new IdentityHashMap<>();
  private ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** @param withoutSchema writes values alone, without their schema */
  PayloadWriter(JsonConverter withoutSchema) {
    this.withoutSchema = withoutSchema;
  }

  /** @return beginning, value and end as one */
  byte[] write(String topic, Schema schema, Object value, byte[] beginning, byte end) {
    bytes.reset();
    bytes.writeBytes(beginning);
    try (JsonGenerator generator = json.createGenerator(bytes)) {
      write(topic, schema, value, generator);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    bytes.write(end);
    byte[] message = bytes.toByteArray();
    if (message.length > MOST_KEPT_BYTES) bytes = new ByteArrayOutputStream();
    return message;
  }

  private void write(String topic, Schema schema, Object value, JsonGenerator to) throws IOException {
    if (value == null && schema.isOptional() && schema.defaultValue() == null) {
      to.writeNull();
    } else if (value == null || (schema.name() != null && LOGICAL.contains(schema.name()))) {
      leave(topic, schema, value, to);
    } else if (value instanceof String text && schema.type() == Schema.Type.STRING) {
      to.writeString(text);
    } else if (value instanceof Integer number && schema.type() == Schema.Type.INT32) {
      to.writeNumber(number);
    } else if (value instanceof Long number && schema.type() == Schema.Type.INT64) {
      to.writeNumber(number);
    } else if (value instanceof Short number && schema.type() == Schema.Type.INT16) {
      to.writeNumber(number);
    } else if (value instanceof Boolean truth && schema.type() == Schema.Type.BOOLEAN) {
      to.writeBoolean(truth);
    } else if (value instanceof Double number && schema.type() == Schema.Type.FLOAT64) {
      to.writeNumber(number);
    } else if (value instanceof Float number && schema.type() == Schema.Type.FLOAT32) {
      to.writeNumber(number);
    } else if (value instanceof Struct struct && schema.type() == Schema.Type.STRUCT) {
      writeStruct(topic, schema, struct, to);
    } else if (value instanceof Collection<?> elements && schema.type() == Schema.Type.ARRAY) {
      to.writeStartArray();
      for (Object element : elements) write(topic, schema.valueSchema(), element, to);
      to.writeEndArray();
    } else {
      leave(topic, schema, value, to);
    }
  }

  private void writeStruct(String topic, Schema schema, Struct struct, JsonGenerator to) throws IOException {
    Structure structure = structure(schema);
    if (!structure.isOf(struct)) {
      leave(topic, schema, struct, to);
      return;
    }
    to.writeStartObject();
    for (int index = 0; index < structure.fields.length; index++) {
      Field field = structure.fields[index];
      to.writeFieldName(structure.names[index]);
      Object value = structure.value(struct, field);
      if (value == null && field.schema().defaultValue() != null) {
        if (structure.nulls[index] == null) structure.nulls[index] = text(topic, field.schema(), null);
        to.writeRawValue(structure.nulls[index]);
      } else {
        write(topic, field.schema(), value, to);
      }
    }
    to.writeEndObject();
  }

  private Structure structure(Schema schema) {
    Structure structure = structures.get(schema);
    if (structure == null) {
      if (structures.size() >= MOST_STRUCTURES) structures.clear();
      structures.put(schema, structure = new Structure(schema));
    }
    return structure;
  }

  private void leave(String topic, Schema schema, Object value, JsonGenerator to) throws IOException {
    to.writeRawValue(text(topic, schema, value));
  }

  private String text(String topic, Schema schema, Object value) {
    return new String(withoutSchema.fromConnectData(topic, schema, value), StandardCharsets.UTF_8);
  }

  /** The fields of a struct's schema, with their names as JSON has them. */
  private static final class Structure {
    final Field[] fields;
    final SerializedString[] names;

    /** What is written for null where a field has a default, once it was needed: most events have such a field. */
    final String[] nulls;

    private final Schema schema;

    /** Another schema that was found to be the same: comparing two takes longer than writing a struct. */
    private Schema same;

    Structure(Schema schema) {
      this.schema = schema;
      this.same = schema;
      List<Field> fields = schema.fields();
      this.fields = fields.toArray(Field[]::new);
      this.names = fields.stream().map(field -> new SerializedString(field.name())).toArray(SerializedString[]::new);
      this.nulls = new String[this.fields.length];
    }

    boolean isOf(Struct struct) {
      Schema other = struct.schema();
      if (other == same || other == schema) return true;
      if (!other.equals(schema)) return false;
      same = other;
      return true;
    }

    /** By the field's place, which is faster than by its name, but puts the default in the place of null. */
    Object value(Struct struct, Field field) {
      return field.schema().defaultValue() == null ? struct.get(field) : struct.getWithoutDefault(field.name());
    }
  }
}
