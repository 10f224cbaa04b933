package cdc.connect;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text of arrays whose elements the server prints in the session's time zone. */
final class ArrayText {
  /** A moment always has a blank in it, and so is quoted. */
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

  private ArrayText() {}

  /** Of a `timestamptz[]`: each in UTC. */
  static String ofInstants(Object value) {
    return QUOTED.matcher(TextOf.value(value))
        .replaceAll(element -> Matcher.quoteReplacement('"' + TimestampText.inUtc(element.group(1)) + '"'));
  }
}
