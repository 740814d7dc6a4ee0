package dev.backprop.engine.table;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Texts and their codes 0, 1, 2, … in the order in which they came; finding one makes no string.
final class Dictionary {

  /// Memory of an entry beside its characters: the label, the string, its array, and the slots.
  private static final long ENTRY_BYTES = 88;

  /// A secret, so that nobody can choose texts that have the same hash.
  private static final long SECRET = new SecureRandom().nextLong();

  private static final long FACTOR = 0xA0761D6478BD642FL;

  private final Meter meter;
  private final List<String> texts = new ArrayList<>();
  private int[] slots = new int[16]; // code + 1, 0 = free; a power of two, at most half full
  private long bytes;

  Dictionary(Meter meter) {
    this.meter = meter;
  }

  int size() {
    return texts.size();
  }

  String text(int code) {
    return texts.get(code);
  }

  /// All of them by their codes.
  List<String> texts() {
    return Collections.unmodifiableList(texts);
  }

  /// The code of a text, -1 if it has none.
  int find(char[] chars, int offset, int length) {
    int slot = slot(hash(chars, offset, length));
    while (slots[slot] != 0) {
      if (same(texts.get(slots[slot] - 1), chars, offset, length)) {
        return slots[slot] - 1;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    return -1;
  }

  int find(String text) {
    return find(text.toCharArray(), 0, text.length());
  }

  /// The code of a text, a new one if it had none.
  int add(String text) {
    int slot = slot(hash(text));
    while (slots[slot] != 0) {
      if (texts.get(slots[slot] - 1).equals(text)) {
        return slots[slot] - 1;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    texts.add(text);
    slots[slot] = texts.size();
    count(ENTRY_BYTES + 2L * text.length());
    if (2 * texts.size() > slots.length) {
      grow();
    }
    return texts.size() - 1;
  }

  List<Label> labels() {
    return texts.stream().map(Label::text).toList();
  }

  /// Tells the meter that this dictionary's memory is given up.
  void release() {
    count(-bytes);
  }

  /// The memory of labels that stand in a column.
  static long bytesOf(List<Label> labels) {
    return labels.stream().mapToLong(label -> ENTRY_BYTES + 2L * label.text().length()).sum();
  }

  private void count(long delta) {
    bytes += delta;
    meter.add(delta);
  }

  private void grow() {
    slots = new int[2 * slots.length];
    for (int code = 0; code < texts.size(); code++) {
      int slot = slot(hash(texts.get(code)));
      while (slots[slot] != 0) {
        slot = (slot + 1) & (slots.length - 1);
      }
      slots[slot] = code + 1;
    }
  }

  private int slot(long hash) {
    return (int) (hash >>> 32) & (slots.length - 1);
  }

  /// Multiplies and folds, as wyhash does.
  private static long mixed(long hash, char c) {
    long x = hash ^ c;
    return x * FACTOR ^ Math.unsignedMultiplyHigh(x, FACTOR);
  }

  private static long hash(char[] chars, int offset, int length) {
    long hash = SECRET;
    for (int i = offset; i < offset + length; i++) {
      hash = mixed(hash, chars[i]);
    }
    return hash;
  }

  private static long hash(String text) {
    long hash = SECRET;
    for (int i = 0; i < text.length(); i++) {
      hash = mixed(hash, text.charAt(i));
    }
    return hash;
  }

  static boolean same(String text, char[] chars, int offset, int length) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != chars[offset + i]) {
        return false;
      }
    }
    return true;
  }
}
