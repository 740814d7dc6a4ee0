package dev.backprop.engine.data;

import java.util.Arrays;
import java.util.function.IntPredicate;

/// Contents of rows, by their hashes, with the parts that have such rows. All of them are kept as
/// long as they are few, else those whose hash begins with so many zero bits that they are. That is
/// a fair sample of contents, with all rows that have one (Gibbons 2001, distinct sampling), and
/// the same whatever order rows come in.
final class Contents {

  private static final int MOST = 1 << 16;

  private long[] hashes = new long[2 * MOST]; // 0 if a slot is free
  private int[] parts = new int[hashes.length]; // a bit for each
  private int[] rows = new int[hashes.length]; // that count

  /// Of these rows those that came when a part of a lower number had one.
  private int[] later = new int[hashes.length];

  private int size;

  /// How many leading bits of a hash are zero.
  private int zeros;

  /// A part has a row.
  ///
  /// @param part below 31
  /// @param counts whether it may be asked for
  void add(long hash, int part, boolean counts) {
    if (Long.numberOfLeadingZeros(hash) < zeros) {
      return;
    }
    int slot = slot(hash);
    if (hashes[slot] == 0) {
      hashes[slot] = hash;
      size++;
    }
    if (counts) {
      rows[slot]++;
      later[slot] += (parts[slot] & ((1 << part) - 1)) != 0 ? 1 : 0;
    }
    parts[slot] |= 1 << part;
    while (size > MOST) {
      thin();
    }
  }

  /// A part has a row that does not count, and that matters if its content has been added before.
  void mark(long hash, int part) {
    int slot = slot(hash);
    if (hashes[slot] == hash) {
      parts[slot] |= 1 << part;
    }
  }

  /// Of the rows that count those whose content is in such parts.
  ///
  /// @param asked given the parts of a content, a bit for each
  EqualRows.Count inParts(IntPredicate asked) {
    long equal = 0;
    for (int slot = 0; slot < hashes.length; slot++) {
      equal += asked.test(parts[slot]) ? rows[slot] : 0;
    }
    return new EqualRows.Count(equal, sum(rows));
  }

  /// Of the rows that count those whose content was in a part of a lower number before.
  EqualRows.Count inLowerParts() {
    return new EqualRows.Count(sum(later), sum(rows));
  }

  private static long sum(int[] counts) {
    return Arrays.stream(counts).asLongStream().sum();
  }

  private int slot(long hash) {
    int slot = (int) hash & (hashes.length - 1);
    while (hashes[slot] != 0 && hashes[slot] != hash) {
      slot = (slot + 1) & (hashes.length - 1);
    }
    return slot;
  }

  /// Leaves about half of them.
  private void thin() {
    zeros++;
    Contents fewer = new Contents();
    for (int slot = 0; slot < hashes.length; slot++) {
      if (hashes[slot] != 0 && Long.numberOfLeadingZeros(hashes[slot]) >= zeros) {
        int to = fewer.slot(hashes[slot]);
        fewer.hashes[to] = hashes[slot];
        fewer.parts[to] = parts[slot];
        fewer.rows[to] = rows[slot];
        fewer.later[to] = later[slot];
        fewer.size++;
      }
    }
    hashes = fewer.hashes;
    parts = fewer.parts;
    rows = fewer.rows;
    later = fewer.later;
    size = fewer.size;
  }
}
