package dev.backprop.service.dataset;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;

/// The memory that all tables together may take, and who has taken how much of it.
class TableRoom {

  private final long maxBytes;
  private long taken; // guarded by this

  /// @param maxBytes that all tables together may take
  TableRoom(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  final long maxBytes() {
    return maxBytes;
  }

  final synchronized long taken() {
    return taken;
  }

  /// A reservation of nothing yet.
  final Reservation reserve() {
    return new Share();
  }

  /// Takes room, or gives it back where `more` is negative.
  ///
  /// @param inTotal what the table takes with it
  final synchronized void take(long more, long inTotal) {
    if (more > 0 && inTotal > maxBytes) {
      throw new ProblemException(
          ProblemCode.TOO_LARGE,
          "a table may hold at most %d bytes (backprop.dataset.max-bytes), this one needs at least %d"
              .formatted(maxBytes, inTotal));
    }
    while (more > 0 && taken + more > maxBytes) {
      if (!makeRoom()) {
        throw new ProblemException(
            ProblemCode.REPOSITORY_FULL,
            "tables hold %d of at most %d bytes (backprop.dataset.max-bytes), %d more do not fit"
                .formatted(taken, maxBytes, more));
      }
    }
    taken += more;
  }

  /// Lets go of a table that can be had again.
  ///
  /// @return whether there was one
  boolean makeRoom() {
    return false;
  }

  private final class Share implements Reservation {

    private long bytes;
    private boolean closed;

    @Override
    public void holds(long now) {
      synchronized (TableRoom.this) {
        if (closed) {
          throw new IllegalStateException("the reservation is closed");
        }
        take(now - bytes, now);
        bytes = now;
      }
    }

    @Override
    public long bytes() {
      synchronized (TableRoom.this) {
        return bytes;
      }
    }

    @Override
    public void close() {
      synchronized (TableRoom.this) {
        take(-bytes, 0);
        bytes = 0;
        closed = true;
      }
    }
  }
}
