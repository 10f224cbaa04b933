package cdc.connect;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** Schema of an optional field that stays without the default value that Debezium gives it: null is to mean NULL. */
final class FieldSchema extends SchemaBuilder {
  FieldSchema(Schema.Type type) {
    super(type);
    optional();
  }

  @Override
  public SchemaBuilder defaultValue(Object value) {
    return this;
  }
}
