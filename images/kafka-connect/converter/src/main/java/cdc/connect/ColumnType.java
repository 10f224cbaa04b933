package cdc.connect;

import io.debezium.spi.converter.RelationalColumn;
import java.sql.Types;
import java.util.Locale;
import java.util.Optional;
import org.postgresql.core.Oid;

/**
 * Type of a column, with nothing left of its domains.
 *
 * @param name `typname` of the type; of an array that of its elements
 * @param precision digits of a constrained numeric, of an array's elements, too; 0: none are given
 * @param scale digits after the point where `precision` is given; may be negative
 * @param length of `bit(length)`
 */
record ColumnType(String name, boolean isArray, int precision, int scale, int length) {
  private static final String ARRAY_NAME = "_array";
  private static final int MOST_DIGITS = 1000;

  /** @param known what the catalog says of the column's type */
  static ColumnType of(RelationalColumn column, Optional<Catalog.Type> known) {
    boolean isArray = known.map(Catalog.Type::isArray).orElse(column.jdbcType() == Types.ARRAY);
    String name = known.map(Catalog.Type::name).orElseGet(() -> nameOf(column));
    int length = column.length().orElse(0);
    if (!name.equals("numeric")) return new ColumnType(name, isArray, 0, 0, length);
    // Without a precision Debezium has what the driver displays at most.
    if (length > 0 && length <= MOST_DIGITS) return new ColumnType(name, isArray, length, signed(column.scale().orElse(0)), 0);
    return constrained(name, isArray, known.map(Catalog.Type::elementModifier).orElse(-1));
  }

  private static ColumnType constrained(String name, boolean isArray, int modifier) {
    if (modifier < 0) return new ColumnType(name, isArray, 0, 0, 0);
    return new ColumnType(name, isArray, (modifier - 4) >> 16 & 0xffff, signed(modifier - 4), 0);
  }

  /** The scale is kept in 11 bits with its sign, of which pgjdbc knows nothing. */
  private static int signed(int scale) {
    return ((scale & 0x7ff) ^ 0x400) - 0x400;
  }

  /** By its number where it is PostgreSQL's own, so without the domain over it; else by the name that Debezium has of it. */
  private static String nameOf(RelationalColumn column) {
    String own = Oid.toString(column.nativeType()).toLowerCase(Locale.ROOT);
    if (!own.startsWith("<")) return own.endsWith(ARRAY_NAME) ? own.substring(0, own.length() - ARRAY_NAME.length()) : own;
    String name = column.typeName().substring(column.typeName().lastIndexOf('.') + 1).replace("\"", "");
    return column.jdbcType() == Types.ARRAY && name.startsWith("_") ? name.substring(1) : name;
  }
}
