package cdc.connect;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/**
 * What becomes of a change that is larger than Kafka takes. The producer would say how large it is, and not whose row it was; and the task would fail for good.
 *
 * <p>`oversized` is `fail` (the task fails, with table and key) or `mark`: the change goes on without its large values. In their place is what {@link ExactValues} writes for a value
 * that it cannot write, with the reason, so that the lake sets the change aside, or the value, and everything behind it arrives.
 */
final class MessageLimit {
  static final String BYTES = "max.message.bytes";
  static final String OVERSIZED = "oversized";

  /** The key of the record whose value is converted next: Connect converts a record's key first, in the same thread. */
  private static final ThreadLocal<byte[]> KEY = new ThreadLocal<>();

  private static final int SHOWN = 200;
  private static final String MARK = "\0";

  /** Values of more bytes are taken out; if what is left is still too large, smaller ones as well. */
  private static final int[] LARGE = {1 << 16, 1 << 10};

  private final long most;
  private final boolean marks;

  private MessageLimit(long most, boolean marks) {
    this.most = most;
    this.marks = marks;
  }

  /**
   * Of the converter's settings or, where these have none, the worker's environment, which knows what its producers and the broker take.
   *
   * @return null: there is none
   */
  static MessageLimit of(Map<String, ?> configs) {
    Object bytes = configs.get(BYTES) == null ? System.getenv("CDC_MAX_MESSAGE_BYTES") : configs.get(BYTES);
    if (bytes == null) return null;
    Object set = configs.get(OVERSIZED) == null ? System.getenv("CDC_OVERSIZED") : configs.get(OVERSIZED);
    String oversized = set == null ? "fail" : set.toString().trim();
    if (!oversized.equals("fail") && !oversized.equals("mark")) throw new ConfigException(OVERSIZED, oversized, "it has to be fail or mark");
    try {
      return new MessageLimit(Long.parseLong(bytes.toString().trim()), oversized.equals("mark"));
    } catch (NumberFormatException error) {
      throw new ConfigException(BYTES, bytes, "it has to be a number of bytes");
    }
  }

  static void noteKey(byte[] key) {
    KEY.set(key);
  }

  interface Writer {
    byte[] write(Object value);
  }

  /** @return the message, or another in its place */
  byte[] held(byte[] message, Object value, Writer writer) {
    if (message == null || message.length <= most) return message;
    String reason = "the change has " + message.length + " bytes, and a message may have " + most + " (cdc:maxRowSize)";
    if (marks && value instanceof Struct envelope) {
      for (int large : LARGE) {
        byte[] smaller = writer.write(marked(envelope, large, reason));
        if (smaller.length <= most) return smaller;
      }
    }
    throw new DataException(tableOf(value) + ", key " + keyText() + ": " + reason + ". Raise cdc:maxRowSize, or set cdc:rowsTooLarge: setAside");
  }

  private static Struct marked(Struct envelope, int large, String reason) {
    Struct marked = new Struct(envelope.schema());
    for (Field field : envelope.schema().fields()) {
      Object value = envelope.get(field);
      boolean isRow = value instanceof Struct && (field.name().equals("before") || field.name().equals("after"));
      marked.put(field, isRow ? row((Struct) value, large, field.name().equals("after") ? MARK + reason : MARK) : value);
    }
    return marked;
  }

  private static Struct row(Struct row, int large, String mark) {
    Struct marked = new Struct(row.schema());
    for (Field field : row.schema().fields()) {
      Object value = row.get(field);
      boolean isLarge = field.schema().type() == Schema.Type.STRING && value instanceof String text && text.length() > large;
      marked.put(field, isLarge ? mark : value);
    }
    return marked;
  }

  private static String tableOf(Object value) {
    if (value instanceof Struct envelope && envelope.schema().field("source") != null && envelope.get("source") instanceof Struct source) {
      if (source.schema().field("table") != null) return "table " + source.getString("schema") + "." + source.getString("table");
    }
    return "a message";
  }

  private static String keyText() {
    byte[] key = KEY.get();
    if (key == null) return "none";
    String text = new String(key, StandardCharsets.UTF_8);
    int payload = text.lastIndexOf("\"payload\":");
    String shown = payload < 0 ? text : text.substring(payload + 10, text.length() - 1);
    return shown.length() > SHOWN ? shown.substring(0, SHOWN) + "…" : shown;
  }
}
