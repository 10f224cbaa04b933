package cdc.connect;

import io.debezium.connector.postgresql.PostgresValueConverter;
import io.debezium.connector.postgresql.connection.DateTimeFormat;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Text of timestamps: `2024-01-01 12:00:00.5`, with a time zone in UTC: `2024-01-01 10:00:00.5+00`; ` BC` behind; `infinity`. */
final class TimestampText {
  private static final String UTC = "+00";

  private TimestampText() {}

  /** Of a `timestamp`, for which Debezium has an Instant as though it were UTC. */
  static String withoutZone(Object value) {
    if (!(value instanceof Instant instant)) return TextOf.value(value);
    // Debezium's instants beyond all that PostgreSQL has.
    if (instant.equals(PostgresValueConverter.POSITIVE_INFINITY_INSTANT)) return "infinity";
    if (instant.equals(PostgresValueConverter.NEGATIVE_INFINITY_INSTANT)) return "-infinity";
    return text(instant, "");
  }

  /** Of a `timestamptz`: a moment, or PostgreSQL's text in the session's time zone. */
  static String inUtc(Object value) {
    if (value instanceof OffsetDateTime moment) {
      if (moment.equals(PostgresValueConverter.POSITIVE_INFINITY_OFFSET_DATE_TIME)) return "infinity";
      if (moment.equals(PostgresValueConverter.NEGATIVE_INFINITY_OFFSET_DATE_TIME)) return "-infinity";
      return text(moment.toInstant(), UTC);
    }
    String text = TextOf.value(value);
    // A DEFAULT that Debezium has parsed: 2024-01-01T10:00:00.500000Z.
    if (text.endsWith("Z")) return text(Instant.parse(text), UTC);
    if (text.endsWith(UTC) || text.endsWith(UTC + " BC") || text.endsWith("infinity")) return text;
    return text(DateTimeFormat.get().timestampWithTimeZoneToOffsetDateTime(text).toInstant(), UTC);
  }

  private static String text(Instant instant, String zone) {
    LocalDateTime time = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), instant.getNano(), ZoneOffset.UTC);
    StringBuilder to = new StringBuilder(32);
    DateText.appendDay(time.toLocalDate(), to);
    to.append(' ');
    DateText.append2(time.getHour(), to);
    to.append(':');
    DateText.append2(time.getMinute(), to);
    to.append(':');
    DateText.append2(time.getSecond(), to);
    appendMicroseconds(time.getNano() / 1000, to);
    to.append(zone);
    return DateText.isBeforeChrist(time.toLocalDate()) ? to.append(" BC").toString() : to.toString();
  }

  /** Digits after the point without zeros at the end, nothing for 0. */
  static void appendMicroseconds(int microseconds, StringBuilder to) {
    if (microseconds == 0) return;
    to.append('.').append(String.valueOf(1_000_000 + microseconds), 1, 7);
    while (to.charAt(to.length() - 1) == '0') to.setLength(to.length() - 1);
  }
}
