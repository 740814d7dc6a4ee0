package dev.backprop.linalg;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Threads that share the pieces of a computation with the thread that asks for it.
///
/// Which thread takes which piece is left to chance, so pieces must not depend on each other, nor
/// on how many threads there are: then neither does the result. One computation at a time: whoever
/// finds the team at work does all of its pieces alone. Between computations the helpers spin for
/// some microseconds, so that the steps of a training meet without waiting for the operating
/// system, and then park.
public final class Team implements AutoCloseable {

  /// Nobody but the caller.
  public static final Team ALONE = new Team(1);

  static final int MAX_PIECES = (1 << 20) - 1;

  private static final int SPINS = 4_000;
  private static final int PIECE_BITS = 20;

  private final Helper[] helpers;
  private final AtomicBoolean busy = new AtomicBoolean();

  /// The pieces that are still to be taken: 24 bits that tell one computation from the next, then
  /// how many pieces there are, then how many have been taken. In one number, so that a helper that
  /// comes late can't take a piece of the wrong computation.
  private final AtomicLong claims = new AtomicLong();

  private final AtomicInteger unfinished = new AtomicInteger();

  /// Written before the pieces are offered and read after one has been taken.
  private @Nullable IntConsumer work;

  private volatile @Nullable Thread waiting;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  /// @param threads at least 1, the caller's included
  public Team(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("a team has at least 1 thread, not " + threads);
    }
    helpers = new Helper[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Helper(i + 1);
      helpers[i].thread.start();
    }
  }

  /// Threads, the caller's included.
  public int threads() {
    return helpers.length + 1;
  }

  /// Whether there are helpers who would share a computation that began now.
  public boolean isIdle() {
    return helpers.length > 0 && !busy.get();
  }

  /// Does pieces 0 … pieces - 1, and returns when all are done.
  ///
  /// @param piece what a piece does; runs on several threads at once. What it throws is thrown
  ///   here, when all pieces are done
  public void run(int pieces, IntConsumer piece) {
    if (pieces < 2
        || pieces > MAX_PIECES
        || helpers.length == 0
        || !busy.compareAndSet(false, true)) {
      for (int i = 0; i < pieces; i++) {
        piece.accept(i);
      }
      return;
    }
    Throwable thrown;
    try {
      share(pieces, piece);
    } finally {
      // From then on, the next caller's.
      thrown = failure;
      failure = null;
      work = null;
      busy.set(false);
    }
    if (thrown != null) {
      if (thrown instanceof Error e) {
        throw e;
      }
      throw thrown instanceof RuntimeException e ? e : new IllegalStateException(thrown);
    }
  }

  private void share(int pieces, IntConsumer piece) {
    work = piece;
    unfinished.set(pieces);
    long computation = (claims.get() >>> (2 * PIECE_BITS)) + 1;
    claims.set((computation << (2 * PIECE_BITS)) | ((long) pieces << PIECE_BITS));
    for (Helper helper : helpers) {
      helper.wake();
    }
    takePieces();
    for (int spins = 0; unfinished.get() > 0; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        waiting = Thread.currentThread();
        if (unfinished.get() > 0) {
          LockSupport.park(this);
        }
        waiting = null;
      }
    }
  }

  /// Does pieces until none is left to take.
  private void takePieces() {
    for (long claim = claims.get(); isOffered(claim); claim = claims.get()) {
      if (claims.compareAndSet(claim, claim + 1)) {
        doPiece((int) claim & MAX_PIECES);
      }
    }
  }

  private static boolean isOffered(long claim) {
    return (claim & MAX_PIECES) < ((claim >>> PIECE_BITS) & MAX_PIECES);
  }

  private void doPiece(int index) {
    try {
      IntConsumer piece = work;
      if (piece != null) {
        piece.accept(index);
      }
    } catch (Throwable t) {
      failure = t;
    } finally {
      if (unfinished.decrementAndGet() == 0) {
        LockSupport.unpark(waiting);
      }
    }
  }

  /// Lets the helpers go; the team is then its caller alone.
  @Override
  public void close() {
    closed = true;
    for (Helper helper : helpers) {
      LockSupport.unpark(helper.thread);
    }
  }

  private final class Helper {

    private final Thread thread;
    private volatile boolean parked;

    Helper(int number) {
      thread =
          Thread.ofPlatform().name("backprop-compute-" + number).daemon().unstarted(this::work);
    }

    void wake() {
      if (parked) {
        LockSupport.unpark(thread);
      }
    }

    private void work() {
      int spins = 0;
      while (!closed) {
        if (isOffered(claims.get())) {
          takePieces();
          spins = 0;
        } else if (spins < SPINS) {
          spins++;
          Thread.onSpinWait();
        } else {
          parked = true;
          if (!isOffered(claims.get()) && !closed) {
            LockSupport.park(Team.this);
          }
          parked = false;
          spins = 0;
        }
      }
    }
  }
}
