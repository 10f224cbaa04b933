package cdc.connect;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Schema;

/**
 * How the values of a column are written.
 *
 * @param name of the schema: what the text is of; null for what Connect has a type for
 * @param parameters in an order that is always the same, as the schema's text is
 */
record Form(Schema.Type schemaType, String name, Map<String, String> parameters, Writer writer) {
  /** Value as Debezium has it → as the schema takes it. */
  interface Writer {
    Object write(Object value) throws Exception;
  }

  private static final ColumnType MONEY = new ColumnType("numeric", false, 19, 2, 0);

  static Form of(ColumnType type) {
    if (type.isArray()) return array(type);
    return switch (type.name()) {
      case "bool" -> of(Schema.Type.BOOLEAN, NumberOf::truth);
      case "bit" -> type.length() == 1 ? of(Schema.Type.BOOLEAN, NumberOf::truth) : text("cdc.Text", TextOf::value);
      case "int2" -> of(Schema.Type.INT16, NumberOf::int16);
      case "int4" -> of(Schema.Type.INT32, NumberOf::int32);
      case "int8", "oid" -> of(Schema.Type.INT64, NumberOf::int64);
      case "float4" -> of(Schema.Type.FLOAT32, NumberOf::float32);
      case "float8" -> of(Schema.Type.FLOAT64, NumberOf::float64);
      case "numeric" -> new Form(Schema.Type.STRING, "cdc.Numeric", constraint(type), NumberOf::numeric);
      case "money" -> new Form(Schema.Type.STRING, "cdc.Numeric", constraint(MONEY), NumberOf::money);
      case "date" -> text("cdc.Date", DateText::of);
      case "timestamp" -> text("cdc.Timestamp", TimestampText::withoutZone);
      case "timestamptz" -> text("cdc.TimestampTz", TimestampText::inUtc);
      case "bytea" -> text("cdc.Bytes", Base64Text::of);
      case "vector", "halfvec" -> text("cdc.Vector", TextOf::value);
      case "hstore" -> text("cdc.Text", HstoreText::json);
      default -> text("cdc.Text", TextOf::value);
    };
  }

  private static Form array(ColumnType type) {
    return switch (type.name()) {
      case "timestamptz" -> array(type, ArrayText::ofInstants);
      case "money" -> array(MONEY, ArrayText::ofMoney);
      default -> array(type, TextOf::value);
    };
  }

  private static Form array(ColumnType element, Writer writer) {
    Map<String, String> parameters = new TreeMap<>(constraint(element));
    parameters.put("element", element.name());
    return new Form(Schema.Type.STRING, "cdc.Array", parameters, writer);
  }

  private static Form of(Schema.Type type, Writer writer) {
    return new Form(type, null, Map.of(), writer);
  }

  private static Form text(String name, Writer writer) {
    return new Form(Schema.Type.STRING, name, Map.of(), writer);
  }

  private static Map<String, String> constraint(ColumnType type) {
    if (type.precision() == 0) return Map.of();
    return new TreeMap<>(Map.of("precision", String.valueOf(type.precision()), "scale", String.valueOf(type.scale())));
  }
}
