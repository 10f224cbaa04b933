package cdc.connect;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Text of a double precision number as PostgreSQL prints it: the fewest digits that lead back to it. */
final class FloatText {
  private static final int FIRST_WITH_EXPONENT = 15;
  private static final int LAST_WITHOUT_EXPONENT = -4;
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  private FloatText() {}

  static String of(double number) {
    if (Double.isNaN(number)) return "NaN";
    if (Double.isInfinite(number)) return number > 0 ? "Infinity" : "-Infinity";
    if (number == 0) return 1 / number < 0 ? "-0" : "0";
    BigDecimal shortest = shortest(number);
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= LAST_WITHOUT_EXPONENT && exponent < FIRST_WITH_EXPONENT) return shortest.toPlainString();
    String mantissa = shortest.movePointLeft(exponent).stripTrailingZeros().toPlainString();
    String digits = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : String.valueOf(Math.abs(exponent));
    return mantissa + (exponent < 0 ? "e-" : "e+") + digits;
  }

  /** Java's text is not always the shortest. */
  private static BigDecimal shortest(double number) {
    BigDecimal exact = new BigDecimal(number);
    BigDecimal found = new BigDecimal(Double.toString(number));
    for (int digits = found.stripTrailingZeros().precision(); digits <= 17; digits++) {
      found = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (leadsTo(number, exact, found)) break;
    }
    for (int digits = found.stripTrailingZeros().precision() - 1; digits > 0; digits--) {
      BigDecimal shorter = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (!leadsTo(number, exact, shorter)) break;
      found = shorter;
    }
    return found.stripTrailingZeros();
  }

  /** PostgreSQL does not take what lies exactly between two numbers, although it leads back to the even one. */
  private static boolean leadsTo(double number, BigDecimal exact, BigDecimal text) {
    if (text.doubleValue() != number) return false;
    BigDecimal other = new BigDecimal(text.compareTo(exact) < 0 ? Math.nextDown(number) : Math.nextUp(number));
    return exact.add(other).divide(TWO).compareTo(text) != 0;
  }
}
