package cdc.connect;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;

/** Bytes as base64. */
final class Base64Text {
  private Base64Text() {}

  static String of(Object value) {
    byte[] bytes;
    if (value instanceof byte[] array) {
      bytes = array;
    } else if (value instanceof ByteBuffer buffer) {
      bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
    } else {
      String text = TextOf.value(value);
      if (!text.startsWith("\\x")) throw new IllegalArgumentException("No bytes: bytea_output is not hex");
      bytes = HexFormat.of().parseHex(text, 2, text.length());
    }
    return Base64.getEncoder().encodeToString(bytes);
  }
}
