package dev.backprop.dataset;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/// Follows the quotes of a CSV text to know at its end whether one is still open.
final class QuoteWatch extends FilterReader {

  private enum State {
    FIELD_START,
    UNQUOTED,
    QUOTED,
    QUOTE_IN_QUOTED
  }

  private final char delimiter;
  private State state = State.FIELD_START;
  private long line = 1;
  private long openedIn;
  private boolean ended;

  QuoteWatch(Reader in, char delimiter) {
    super(in);
    this.delimiter = delimiter;
  }

  /// The line of the quote that is open at the end of the text, 0 where none is or more is to come.
  long openAtEnd() {
    return ended && state == State.QUOTED ? openedIn : 0;
  }

  @Override
  public int read() throws IOException {
    char[] one = new char[1];
    return read(one, 0, 1) < 0 ? -1 : one[0];
  }

  @Override
  public int read(char[] into, int offset, int length) throws IOException {
    int n = super.read(into, offset, length);
    ended = n < 0;
    for (int i = offset; i < offset + n; i++) {
      follow(into[i]);
    }
    return n;
  }

  private void follow(char c) {
    if (c == '\n') {
      line++;
    }
    switch (state) {
      case FIELD_START -> {
        if (c == '"') {
          state = State.QUOTED;
          openedIn = line;
        } else if (!endsField(c)) {
          state = State.UNQUOTED;
        }
      }
      case UNQUOTED, QUOTE_IN_QUOTED -> {
        if (endsField(c)) {
          state = State.FIELD_START;
        } else if (c == '"' && state == State.QUOTE_IN_QUOTED) {
          state = State.QUOTED;
        }
      }
      case QUOTED -> {
        if (c == '"') {
          state = State.QUOTE_IN_QUOTED;
        }
      }
    }
  }

  private boolean endsField(char c) {
    return c == delimiter || c == '\n' || c == '\r';
  }
}
