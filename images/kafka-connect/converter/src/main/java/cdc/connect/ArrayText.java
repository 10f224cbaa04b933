package cdc.connect;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text of arrays whose elements the server prints as the session has it, and a column of the same type does not. */
final class ArrayText {
  /** A moment always has a blank in it, and so is quoted. */
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

  private ArrayText() {}

  /** Of a `timestamptz[]`: each in UTC. */
  static String ofInstants(Object value) {
    return QUOTED.matcher(TextOf.value(value))
        .replaceAll(element -> Matcher.quoteReplacement('"' + TimestampText.inUtc(element.group(1)) + '"'));
  }

  /** Of a `money[]`: `{1.50,-1234.50}`, without the currency and what stands between thousands. */
  static String ofMoney(Object value) {
    StringBuilder to = new StringBuilder();
    boolean isQuoted = false;
    for (char character : TextOf.value(value).toCharArray()) {
      if (character == '"') isQuoted = !isQuoted;
      else if (character != '$' && !(isQuoted && character == ',')) to.append(character);
    }
    return to.toString();
  }
}
