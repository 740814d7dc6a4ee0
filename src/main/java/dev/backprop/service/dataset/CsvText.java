package dev.backprop.service.dataset;

import java.io.IOException;
import java.io.Reader;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A CSV text as the parser wants it. This class takes off a first line such as `sep=;`, and drops
/// blanks before an opening quote and behind a closing one. It follows the quotes, so that it knows
/// at the end whether one is still open. It keeps the beginning of the text, from which advice is
/// taken.
final class CsvText extends Reader {

  /// How many characters of the beginning are kept.
  static final int HEAD = 1 << 14;

  private static final String SEPARATOR = "sep=";

  private enum State {
    FIELD_START,
    UNQUOTED,
    QUOTED,
    QUOTE_IN_QUOTED,
    AFTER_QUOTED
  }

  private final TextReader in;
  private final char[] head = new char[HEAD];
  private final int headLength;
  private final int headFrom;
  private final char delimiter;
  private final int linesBefore;
  private int at;
  private State state = State.FIELD_START;
  private boolean afterReturn;
  private long line;
  private long openedIn;
  private boolean inHead = true; // this class counts lines only within the head
  private boolean ended;

  /// @param given the delimiter, null if it is a comma unless the first line says another
  /// @throws dev.backprop.platform.problem.ProblemException if the first line says another
  ///   delimiter than the given one
  /// @throws IOException if the reader does
  CsvText(TextReader in, @Nullable Character given) throws IOException {
    this.in = in;
    this.headLength = fill(in, head);
    Character said = said();
    if (said != null && given != null && !said.equals(given)) {
      throw DataProblems.invalidParameter(
          "delimiter: must be that of the first line of the text, %s, was %s"
              .formatted(Delimiter.quoted(said), Delimiter.quoted(given)));
    }
    this.delimiter = said != null ? said : given != null ? given : ',';
    this.headFrom = said == null ? 0 : endOfFirstLine();
    this.linesBefore = said == null ? 0 : 1;
    this.at = headFrom;
    this.line = 1L + linesBefore;
  }

  private static int fill(Reader in, char[] head) throws IOException {
    int length = 0;
    while (length < head.length) {
      int n = in.read(head, length, head.length - length);
      if (n < 0) {
        break;
      }
      length += n;
    }
    return length;
  }

  /// The delimiter that the first line says, as spreadsheets write it; null if it says none.
  private @Nullable Character said() {
    int length = SEPARATOR.length();
    if (headLength <= length
        || !new String(head, 0, length).toLowerCase(Locale.ROOT).equals(SEPARATOR)) {
      return null;
    }
    boolean alone = headLength == length + 1 || isLineEnd(head[length + 1]);
    return alone && Delimiter.isPossible(head[length]) ? head[length] : null;
  }

  private int endOfFirstLine() {
    int end = SEPARATOR.length() + 1;
    boolean both = end + 1 < headLength && head[end] == '\r' && head[end + 1] == '\n';
    return Math.min(headLength, end + (both ? 2 : 1));
  }

  char delimiter() {
    return delimiter;
  }

  /// How many lines were taken off before the text that this reader gives.
  int linesBefore() {
    return linesBefore;
  }

  /// The first lines without what was taken off. The last one is cut if the text is longer.
  String head() {
    return new String(head, headFrom, headLength - headFrom);
  }

  /// Whether [#head()] is not all of the text.
  boolean isLonger() {
    return headLength == HEAD;
  }

  /// Whether no line has ended yet, in as much of the text as was read.
  boolean hasOneLine() {
    return in.line() == 1;
  }

  /// The line in which the quote began that is still open at the end of the text. It is 0 if no
  /// quote is open, or if the text has not ended yet.
  long openAtEnd() {
    return ended && state == State.QUOTED ? openedIn : 0;
  }

  @Override
  public int read(char[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      int n = next(into, offset, length);
      if (n < 0) {
        ended = true;
        return -1;
      }
      int kept = follow(into, offset, offset + n) - offset;
      if (kept > 0) {
        return kept;
      }
    }
  }

  private int next(char[] into, int offset, int length) throws IOException {
    if (at == headLength) {
      inHead = false;
      line = in.line();
      return in.read(into, offset, length);
    }
    int n = Math.min(length, headLength - at);
    System.arraycopy(head, at, into, offset, n);
    at += n;
    return n;
  }

  /// Takes out what is dropped.
  ///
  /// @return the end of what is left
  private int follow(char[] chars, int from, int end) {
    return !inHead && isPlain(chars, from, end)
        ? followPlain(chars, from, end)
        : followClosely(chars, from, end);
  }

  /// Whether there is no quote, and no blank at the beginning of a line. Most text is so.
  private boolean isPlain(char[] chars, int from, int end) {
    if (state != State.UNQUOTED && (state != State.FIELD_START || isBlank(chars[from]))) {
      return false;
    }
    for (int i = from; i < end; i++) {
      char c = chars[i];
      if (c <= '"' && (c == '"' || (isBlank(c) && i > from && isLineEnd(chars[i - 1])))) {
        return false;
      }
    }
    return true;
  }

  /// Drops only the blanks at the end, because a quote may open behind them. The parser passes all
  /// other blanks on, and the table's reader strips them.
  private int followPlain(char[] chars, int from, int end) {
    afterReturn = chars[end - 1] == '\r';
    int kept = end;
    while (kept > from && isBlank(chars[kept - 1])) {
      kept--;
    }
    if (kept > from) {
      state = endsField(chars[kept - 1]) ? State.FIELD_START : State.UNQUOTED;
    }
    return state == State.FIELD_START ? kept : end;
  }

  private int followClosely(char[] chars, int from, int end) {
    int kept = from;
    int i = from;
    while (i < end) {
      char c = chars[i];
      switch (state) {
        case FIELD_START -> {
          if (isBlank(c)) {
            i++; // the cell is stripped anyway, so what follows does not matter
            continue;
          }
          countLine(c);
          if (c == '"') {
            state = State.QUOTED;
            openedIn = line;
          } else if (!endsField(c)) {
            state = State.UNQUOTED;
          }
        }
        case UNQUOTED -> {
          int first = i;
          while (i < end && !endsField(chars[i])) {
            i++;
          }
          if (kept != first) {
            System.arraycopy(chars, first, chars, kept, i - first);
          }
          kept += i - first;
          if (i == end) {
            return kept;
          }
          c = chars[i];
          state = State.FIELD_START;
          countLine(c);
        }
        case QUOTED -> {
          if (c == '"') {
            state = State.QUOTE_IN_QUOTED;
          }
          countLine(c);
        }
        case QUOTE_IN_QUOTED, AFTER_QUOTED -> {
          if (endsField(c)) {
            state = State.FIELD_START;
            countLine(c);
          } else if (isBlank(c)) {
            state = State.AFTER_QUOTED;
            i++;
            continue;
          } else if (c == '"' && state == State.QUOTE_IN_QUOTED) {
            state = State.QUOTED;
          } else {
            state = State.UNQUOTED;
            c = c == '"' ? ' ' : c; // the parser must refuse it, not take it for a doubled quote
          }
        }
      }
      chars[kept++] = c;
      i++;
    }
    return kept;
  }

  private void countLine(char c) {
    if (c == '\n') {
      line += afterReturn ? 0 : 1;
    } else if (c == '\r') {
      line++;
    }
    afterReturn = c == '\r';
  }

  private boolean isBlank(char c) {
    return (c == ' ' || c == '\t') && c != delimiter;
  }

  private boolean endsField(char c) {
    return c == delimiter || isLineEnd(c);
  }

  private static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r';
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
