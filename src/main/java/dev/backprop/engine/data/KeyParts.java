package dev.backprop.engine.data;

import java.util.Arrays;

/// Keys of rows that are taken for parts, one part after the other: drawn ones from the first on,
/// ordered ones from the last on.
final class KeyParts {

  private final RowKeys keys;

  /// The part of each key; 0 if none has taken it.
  private final byte[] partOf;

  private int left;

  KeyParts(RowKeys keys) {
    this.keys = keys;
    this.partOf = new byte[keys.count()];
    this.left = keys.count();
  }

  /// Takes keys until their rows are a fraction of all, at least one key.
  ///
  /// @param leave how many keys must be left, fewer than there are
  void take(int part, double fraction, int leave) {
    boolean fromTheEnd = keys.ordered();
    int wanted = (int) Math.max(1, Math.round(fraction * keys.rows().length));
    long taken = 0;
    for (int i = 0; i < partOf.length && taken < wanted && left > leave; i++) {
      int key = fromTheEnd ? partOf.length - 1 - i : i;
      if (partOf[key] != 0) {
        continue;
      }
      boolean tooLarge = taken + keys.sizes()[key] > 2L * wanted;
      if (tooLarge && fromTheEnd && taken > 0) {
        break;
      }
      if (!tooLarge || fromTheEnd) {
        taken += give(key, part);
      }
    }
    if (taken == 0) {
      give(smallest(), part);
    }
  }

  private int give(int key, int part) {
    partOf[key] = (byte) part;
    left--;
    return keys.sizes()[key];
  }

  /// Of those that are left the first one that has the fewest rows.
  private int smallest() {
    int smallest = -1;
    for (int key = 0; key < partOf.length; key++) {
      if (partOf[key] == 0 && (smallest < 0 || keys.sizes()[key] < keys.sizes()[smallest])) {
        smallest = key;
      }
    }
    return smallest;
  }

  /// The rows of a part, ascending.
  int[] rows(int part) {
    int[] rows = new int[keys.rows().length];
    int n = 0;
    for (int i = 0; i < rows.length; i++) {
      if (partOf[keys.keyOf()[i]] == part) {
        rows[n++] = keys.rows()[i];
      }
    }
    return Arrays.copyOf(rows, n);
  }
}
