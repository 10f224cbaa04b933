package cdc.connect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.postgresql.util.HStoreConverter;

/** An hstore as PostgreSQL's hstore_to_json prints it: `{"a": "1", "b": null}`, shorter keys first. */
final class HstoreText {
  private static final Comparator<byte[]> ORDER = Comparator.<byte[]>comparingInt(key -> key.length).thenComparing(Arrays::compareUnsigned);

  private HstoreText() {}

  /** @param value a map, or PostgreSQL's text of an hstore */
  static String json(Object value) {
    Map<?, ?> pairs = value instanceof Map<?, ?> map ? map : HStoreConverter.fromString(TextOf.value(value));
    Map<byte[], Object[]> sorted = new TreeMap<>(ORDER);
    pairs.forEach((key, of) -> sorted.put(key.toString().getBytes(StandardCharsets.UTF_8), new Object[] {key, of}));
    StringBuilder to = new StringBuilder("{");
    for (Object[] pair : sorted.values()) {
      if (to.length() > 1) to.append(", ");
      append(pair[0].toString(), to);
      to.append(": ");
      if (pair[1] == null) to.append("null");
      else append(pair[1].toString(), to);
    }
    return to.append('}').toString();
  }

  private static void append(String text, StringBuilder to) {
    to.append('"');
    for (int index = 0; index < text.length(); index++) {
      char character = text.charAt(index);
      switch (character) {
        case '"' -> to.append("\\\"");
        case '\\' -> to.append("\\\\");
        case '\b' -> to.append("\\b");
        case '\f' -> to.append("\\f");
        case '\n' -> to.append("\\n");
        case '\r' -> to.append("\\r");
        case '\t' -> to.append("\\t");
        default -> {
          if (character < ' ') to.append(String.format("\\u%04x", (int) character));
          else to.append(character);
        }
      }
    }
    to.append('"');
  }
}
