package dev.backprop.platform.parquet;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Decodes texts, one behind the other.
final class Utf8 {

  /// Reports what is malformed.
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();

  private char[] chars = new char[256];
  private int size;

  char[] chars() {
    return chars;
  }

  /// How many characters there are.
  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  /// Appends a text.
  void add(byte[] bytes, int from, int length) {
    if (chars.length - size < length) { // no byte is more than a character
      chars = Arrays.copyOf(chars, Math.max(size + length, 2 * size));
    }
    int i = 0;
    for (; i < length && bytes[from + i] >= 0; i++) {
      chars[size + i] = (char) bytes[from + i];
    }
    size += i;
    if (i < length) {
      CharBuffer to = CharBuffer.wrap(chars, size, chars.length - size);
      CoderResult result =
          decoder.reset().decode(ByteBuffer.wrap(bytes, from + i, length - i), to, true);
      if (result.isError()) {
        throw Faults.damaged("has a text that is not UTF-8");
      }
      size = to.position();
    }
  }
}
