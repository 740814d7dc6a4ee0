package dev.backprop.service.job;

import dev.backprop.engine.table.ByteBudget;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// A request's body, of which parts become objects: lists of layers, names or texts. Rows and
/// numbers count themselves while they are read; these parts are counted by the bytes of JSON that
/// are taken for them, and are bounded.
///
/// A parser reads ahead, so what is counted is right to a buffer of it; parts of less are not
/// counted.
final class CountedParts extends FilterInputStream {

  /// Of JSON, for one part. More than any sensible one has: 50,000 columns with their types.
  static final int MAX_BYTES = 1 << 22;

  /// What a byte of JSON becomes at most: the shortest texts in lists, `"a",`, take some 64 bytes
  /// each, numbers less.
  private static final long HEAP_BYTES_PER_BYTE = 32;

  private String pointer = "";
  private @Nullable ByteBudget budget; // of the part that is being read
  private long taken;

  CountedParts(InputStream body) {
    super(body);
  }

  /// A part begins.
  ///
  /// @param pointer to it
  /// @param budget told what it holds
  void begin(String pointer, ByteBudget budget) {
    this.pointer = pointer;
    this.budget = budget;
    this.taken = 0;
  }

  /// The part has ended.
  void end() {
    budget = null;
  }

  @Override
  public int read() throws IOException {
    int b = in.read();
    take(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int n = in.read(into, offset, length);
    take(Math.max(0, n));
    return n;
  }

  private void take(int bytes) {
    if (budget == null) {
      return;
    }
    taken += bytes;
    if (taken > MAX_BYTES) {
      throw ProblemException.at(
          ProblemCode.TOO_LARGE,
          pointer,
          "may have at most %d bytes, has at least %d".formatted(MAX_BYTES, taken));
    }
    budget.holds(HEAP_BYTES_PER_BYTE * taken);
  }
}
