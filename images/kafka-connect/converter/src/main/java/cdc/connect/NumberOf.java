package cdc.connect;

import io.debezium.data.SpecialValueDecimal;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers and truth values as their schema has them, of whatever class Debezium hands over. */
final class NumberOf {
  private NumberOf() {}

  /** @return of a boolean, or of a bit(1): `1` or `0` */
  static Object truth(Object value) {
    if (value instanceof Boolean) return value;
    return switch (TextOf.value(value)) {
      case "1", "t", "true" -> true;
      case "0", "f", "false" -> false;
      default -> throw new IllegalArgumentException("No truth value: " + value);
    };
  }

  static Object int16(Object value) {
    return value instanceof Number number ? Short.valueOf(number.shortValue()) : Short.valueOf(TextOf.value(value));
  }

  static Object int32(Object value) {
    if (value instanceof Integer) return value;
    return value instanceof Number number ? Integer.valueOf(number.intValue()) : Integer.valueOf(TextOf.value(value));
  }

  static Object int64(Object value) {
    if (value instanceof Long) return value;
    return value instanceof Number number ? Long.valueOf(number.longValue()) : Long.valueOf(TextOf.value(value));
  }

  static Object float32(Object value) {
    if (value instanceof Float) return value;
    return value instanceof Number number ? Float.valueOf(number.floatValue()) : Float.valueOf(TextOf.value(value));
  }

  static Object float64(Object value) {
    if (value instanceof Double) return value;
    return value instanceof Number number ? Double.valueOf(number.doubleValue()) : Double.valueOf(TextOf.value(value));
  }

  /** @return every digit, with the scale that PostgreSQL keeps, and no exponent */
  static String numeric(Object value) {
    if (!(value instanceof SpecialValueDecimal special)) return TextOf.value(value);
    if (special.getDecimalValue().isPresent()) return special.getDecimalValue().get().toPlainString();
    double number = special.toDouble();
    return Double.isNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
  }

  /** @return amount in the currency's hundredths: `-1234.50`; of text also without the currency and what stands between thousands: `-$1,234.50` */
  static String money(Object value) {
    return new BigDecimal(TextOf.value(value).replace("$", "").replace(",", "")).setScale(2, RoundingMode.UNNECESSARY).toPlainString();
  }
}
