package cdc.connect;

import io.debezium.connector.postgresql.PostgresValueConverter;
import java.sql.Date;
import java.time.LocalDate;
import java.util.Calendar;
import java.util.GregorianCalendar;
import org.postgresql.PGStatement;

/** Text of dates: `2024-02-29`, `0044-03-15 BC`, `infinity`. */
final class DateText {
  private DateText() {}

  /**
   * Of LocalDate in the stream, text in snapshots over {@link ExactConnections}. Over others it is java.sql.Date, where the days from 1582-10-05 to 1582-10-14,
   * which Java's calendar has not, are those ten days later and cannot be told from them.
   */
  static String of(Object value) {
    if (value instanceof LocalDate date) {
      if (date.equals(PostgresValueConverter.POSITIVE_INFINITY_LOCAL_DATE)) return "infinity";
      if (date.equals(PostgresValueConverter.NEGATIVE_INFINITY_LOCAL_DATE)) return "-infinity";
      return text(date);
    }
    if (!(value instanceof Date date)) return TextOf.value(value);
    if (date.getTime() >= PGStatement.DATE_POSITIVE_INFINITY) return "infinity";
    if (date.getTime() <= PGStatement.DATE_NEGATIVE_INFINITY) return "-infinity";
    GregorianCalendar calendar = new GregorianCalendar();
    calendar.setTimeInMillis(date.getTime());
    StringBuilder to = new StringBuilder(16);
    appendDay(calendar.get(Calendar.YEAR), calendar.get(Calendar.MONTH) + 1, calendar.get(Calendar.DAY_OF_MONTH), to);
    return calendar.get(Calendar.ERA) == GregorianCalendar.BC ? to.append(" BC").toString() : to.toString();
  }

  private static String text(LocalDate date) {
    StringBuilder to = new StringBuilder(16);
    appendDay(date, to);
    return isBeforeChrist(date) ? to.append(" BC").toString() : to.toString();
  }

  /** The date without its era. */
  static void appendDay(LocalDate date, StringBuilder to) {
    appendDay(isBeforeChrist(date) ? 1 - date.getYear() : date.getYear(), date.getMonthValue(), date.getDayOfMonth(), to);
  }

  static boolean isBeforeChrist(LocalDate date) {
    return date.getYear() <= 0;
  }

  private static void appendDay(int year, int month, int day, StringBuilder to) {
    if (year < 1000) to.append(year < 10 ? "000" : year < 100 ? "00" : "0");
    to.append(year).append('-');
    append2(month, to);
    to.append('-');
    append2(day, to);
  }

  static void append2(int number, StringBuilder to) {
    if (number < 10) to.append('0');
    to.append(number);
  }
}
