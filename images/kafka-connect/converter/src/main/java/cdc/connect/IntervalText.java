package cdc.connect;

import org.postgresql.util.PGInterval;

/**
 * Text of intervals in PostgreSQL's default style: `1 year 2 mons -3 days +04:05:06.5`. The driver has none for an infinite one: it is `00:00:00` here, where the
 * driver's class is all that is left of the value.
 */
final class IntervalText {
  private static final long SECOND = 1_000_000;

  private IntervalText() {}

  static String of(PGInterval interval) {
    long months = interval.getYears() * 12L + interval.getMonths();
    long seconds = interval.getHours() * 3600L + interval.getMinutes() * 60L + interval.getWholeSeconds();
    long time = seconds * SECOND + interval.getMicroSeconds();
    StringBuilder to = new StringBuilder(32);
    boolean wasNegative = append(months / 12, "year", false, to);
    wasNegative = append(months % 12, "mon", wasNegative, to);
    wasNegative = append(interval.getDays(), "day", wasNegative, to);
    if (time == 0 && !to.isEmpty()) return to.toString();
    if (!to.isEmpty()) to.append(' ');
    to.append(time < 0 ? "-" : wasNegative ? "+" : "");
    long size = Math.abs(time);
    append2(size / (3600 * SECOND), to);
    to.append(':');
    append2(size / (60 * SECOND) % 60, to);
    to.append(':');
    append2(size / SECOND % 60, to);
    TimestampText.appendMicroseconds((int) (size % SECOND), to);
    return to.toString();
  }

  /** @return whether the last part that is not 0 was negative: a positive one then has its sign */
  private static boolean append(long number, String unit, boolean wasNegative, StringBuilder to) {
    if (number == 0) return wasNegative;
    if (!to.isEmpty()) to.append(' ');
    if (wasNegative && number > 0) to.append('+');
    to.append(number).append(' ').append(unit);
    if (number != 1) to.append('s');
    return number < 0;
  }

  private static void append2(long number, StringBuilder to) {
    if (number < 10) to.append('0');
    to.append(number);
  }
}
