package cdc.connect;

import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Debezium's `CustomConverter` for every column of PostgreSQL: each value is written as PostgreSQL itself prints it, in one way for
 * snapshots of every kind, the stream and keys. docs/types.md has the form of each type.
 *
 * <p>Settings, after the name that it has in `converters`: those of the connector after `database.`, so that it is best named
 * `database`: `converters=database`, `database.type=cdc.connect.ExactValues`, `database.connection.factory.class=cdc.connect.ExactConnections`.
 * Under another name, and without `hostname`, `user` and `dbname` of its own, it knows only what Debezium tells it: not the type below an array of a
 * domain, nor the DEFAULT of a type whose defaults Debezium does not read.
 *
 * <p>Every field is optional and has no default value: NULL is null. What PostgreSQL did not log (a large value that an UPDATE left alone) is
 * `"\u0000"`, and what cannot be written that and the reason: text of PostgreSQL never has this character.
 */
public final class ExactValues implements CustomConverter<SchemaBuilder, RelationalColumn> {
  static final String UNLOGGED = "\0";

  private static final Logger LOG = LoggerFactory.getLogger(ExactValues.class);
  private static final int MOST_OF_A_REASON = 500;

  /** Null: nothing is known of a database. */
  private Catalog catalog;

  @Override
  public void configure(Properties settings) {
    catalog = Catalog.isReachable(settings) ? new Catalog(settings) : null;
  }

  @Override
  public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
    Optional<Catalog.Column> known = catalog == null ? Optional.empty() : catalog.column(column.dataCollection(), column.name());
    Form form = Form.of(ColumnType.of(column, typeOf(column, known)));
    SchemaBuilder schema = new FieldSchema(form.schemaType());
    if (form.name() != null) schema.name(form.name());
    form.parameters().forEach(schema::parameter);
    if (column.defaultValue() != null || known.map(Catalog.Column::hasDefault).orElse(false)) schema.parameter("default", "true");
    String name = column.dataCollection() + "." + column.name() + " (" + column.typeName() + ")";
    registration.register(schema, new Values(name, form)::convert);
  }

  /** Of the type that Debezium has, which the column may have had at another time than what the catalog says of it. */
  private Optional<Catalog.Type> typeOf(RelationalColumn column, Optional<Catalog.Column> known) {
    if (catalog == null) return Optional.empty();
    Optional<Catalog.Type> now = known.map(Catalog.Column::type).filter(type -> type.number() == column.nativeType());
    return now.isPresent() ? now : catalog.type(column.nativeType());
  }

  /** The values of one column. */
  private static final class Values {
    private final String column;
    private final Form form;
    private boolean isSaid;

    Values(String column, Form form) {
      this.column = column;
      this.form = form;
    }

    /** @return what the form's schema takes; never throws, as that would be null for Debezium, or the end of the task */
    Object convert(Object value) {
      if (value == null) return null;
      boolean isText = form.schemaType() == Schema.Type.STRING;
      // Debezium's marks are plain objects, of which there is one for each kind of placeholder.
      if (value.getClass() == Object.class) return isText ? UNLOGGED : null;
      try {
        return form.writer().write(value);
      } catch (Exception error) {
        if (!isSaid) LOG.error("A value of {} cannot be written, nor perhaps later ones: {}", column, error.toString(), error);
        isSaid = true;
        String reason = error.toString();
        return isText ? UNLOGGED + reason.substring(0, Math.min(reason.length(), MOST_OF_A_REASON)) : null;
      }
    }
  }
}
