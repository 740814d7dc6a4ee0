package dev.backprop.service.intake;

import dev.backprop.engine.table.ByteBudget;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamContext;

/// A request's body that counts and bounds the parts that become objects, such as lists of layers,
/// names or texts. It counts the bytes of JSON of such a part. Rows and numbers count themselves
/// while they are read.
///
/// The count is as exact as the parser's buffer, because a parser reads ahead. A part that is
/// shorter than the buffer may not be counted.
final class CountedParts extends FilterInputStream {

  /// The most JSON that one part may have. It is more than any sensible part needs: 50,000 columns
  /// with their types.
  static final int MAX_BYTES = 1 << 22;

  /// The most heap that a byte of JSON can become. The shortest texts in lists, such as `"a",`,
  /// take the most: some 64 bytes each.
  private static final long HEAP_BYTES_PER_BYTE = 32;

  private static final Set<String> COUNT_THEMSELVES =
      Set.of("/data/rows", "/data/inputs", "/data/targets", "/data/weights");

  private final Supplier<ByteBudget> budgets;
  private @Nullable JsonParser parser;
  private String pointer = "";
  private @Nullable ByteBudget budget; // of the part that is being read
  private long taken;

  /// @param budgets makes a budget for each part
  CountedParts(InputStream body, Supplier<ByteBudget> budgets) {
    super(body);
    this.budgets = budgets;
  }

  /// @param json the parser that reads from this stream
  void readBy(JsonParser json) {
    parser = json;
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
    String part = part(parser == null ? null : parser.streamReadContext());
    if (!part.equals(pointer)) {
      pointer = part;
      budget = null;
      taken = 0;
    }
    if (part.isEmpty() || COUNT_THEMSELVES.contains(part)) {
      return;
    }
    taken += bytes;
    if (taken > MAX_BYTES) {
      throw ProblemException.at(
          ProblemCode.TOO_LARGE,
          pointer,
          "may have at most %d bytes, has at least %d".formatted(MAX_BYTES, taken));
    }
    if (budget == null) {
      budget = budgets.get();
    }
    budget.holds(HEAP_BYTES_PER_BYTE * taken);
  }

  /// The pointer to the part that the parser is in: a field of the body, or one of its data.
  private static String part(@Nullable TokenStreamContext at) {
    TokenStreamContext field = null;
    TokenStreamContext outer = null;
    for (TokenStreamContext it = at; it != null && !it.inRoot(); it = it.getParent()) {
      field = outer;
      outer = it;
    }
    String name = outer == null ? null : outer.currentName();
    if (name == null) {
      return "";
    }
    String inner = name.equals("data") && field != null ? field.currentName() : null;
    return inner == null ? "/" + Problem.Field.part(name) : Problem.Field.pointer(name, inner);
  }
}
