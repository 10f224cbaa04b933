package cdc.connect;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.util.UUID;
import org.postgresql.util.PGInterval;
import org.postgresql.util.PGobject;

/** PostgreSQL's text of a value that the driver or Debezium has put into a class. */
final class TextOf {
  private TextOf() {}

  static String value(Object value) {
    if (value instanceof String text) return text;
    if (value instanceof PGInterval interval) return IntervalText.of(interval);
    if (value instanceof PGobject object) {
      String geometry = GeometryText.of(object);
      return geometry == null ? object.getValue() : geometry;
    }
    // The driver keeps what the server sent, unless it was asked for binary arrays.
    if (value instanceof Array array) return array.toString();
    if (value instanceof BigDecimal number) return number.toPlainString();
    if (value instanceof UUID || value instanceof Number) return value.toString();
    if (value instanceof Boolean truth) return truth ? "t" : "f";
    if (value instanceof byte[] bytes) return new String(bytes, StandardCharsets.UTF_8);
    if (value instanceof SQLXML xml) {
      try {
        return xml.getString();
      } catch (SQLException error) {
        throw new IllegalArgumentException("No text of an xml: " + error.getMessage(), error);
      }
    }
    throw new IllegalArgumentException("No text of " + value.getClass().getName() + " is known");
  }
}
