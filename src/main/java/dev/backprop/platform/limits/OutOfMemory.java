package dev.backprop.platform.limits;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the process when a thread has met an `OutOfMemoryError`, as `-XX:+ExitOnOutOfMemoryError`
/// does if somebody has given it: nobody knows what that thread has left undone. A service that has
/// lost the thread that accepts connections lives on and answers nobody; one that has ended is
/// started again, and goes on with its trainings.
///
/// It is the virtual machine's handler of errors that nobody catches. Whoever catches everything
/// tells it what was caught.
public final class OutOfMemory implements Thread.UncaughtExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(OutOfMemory.class);

  /// As `-XX:+ExitOnOutOfMemoryError` has it.
  private static final int EXIT_CODE = 3;

  private static final int RESERVE_BYTES = 1 << 20;
  private static final int MAX_CAUSES = 20;
  private static final long LAST_WORDS_SECONDS = 3;

  private final AtomicBoolean met = new AtomicBoolean();
  private final CountDownLatch ends = new CountDownLatch(1);

  // Whatever is needed then is there before.
  private final byte[] lastWords =
      "ERROR The memory is full: the process ends with code 3\n".getBytes(StandardCharsets.UTF_8);
  private final FileOutputStream console = new FileOutputStream(FileDescriptor.out);

  @SuppressWarnings("UnusedVariable") // it is there to be let go of
  private byte @Nullable [] reserve = new byte[RESERVE_BYTES];

  private OutOfMemory() {
    Thread.ofPlatform().name("backprop-out-of-memory").daemon().start(this::haltThen);
  }

  /// From here on an `OutOfMemoryError` ends this process, whoever meets it.
  public static void endsTheProcess() {
    Thread.setDefaultUncaughtExceptionHandler(new OutOfMemory());
  }

  /// Ends the process if an `OutOfMemoryError` is, or has caused, what was caught, and the process
  /// is one that ends so. Else it does nothing.
  public static void check(@Nullable Throwable caught) {
    if (isOrHasCaused(caught)
        && Thread.getDefaultUncaughtExceptionHandler() instanceof OutOfMemory handler) {
      handler.end(Thread.currentThread(), caught);
    }
  }

  private static boolean isOrHasCaused(@Nullable Throwable caught) {
    Throwable cause = caught;
    for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
      if (cause instanceof OutOfMemoryError) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable fault) {
    if (isOrHasCaused(fault)) {
      end(thread, fault);
    } else {
      log.error("Thread {} broke down", thread.getName(), fault);
    }
  }

  private void end(Thread thread, @Nullable Throwable fault) {
    if (!met.compareAndSet(false, true)) {
      return;
    }
    ends.countDown();
    try {
      reserve = null;
      log.error(
          "The memory is full: the process ends with code {}. It was met by thread {}",
          EXIT_CODE,
          thread.getName(),
          fault);
    } catch (Throwable _) {
      tellPlainly();
    } finally {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }

  private void tellPlainly() {
    try {
      console.write(lastWords);
    } catch (IOException _) {
      // Nobody listens: the code of the end tells.
    }
  }

  /// The log may wait for a thread that waits for memory.
  private void haltThen() {
    try {
      ends.await();
      TimeUnit.SECONDS.sleep(LAST_WORDS_SECONDS);
    } catch (InterruptedException _) {
      // Nobody does that but a virtual machine that ends.
      return;
    }
    tellPlainly();
    Runtime.getRuntime().halt(EXIT_CODE);
  }
}
