package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.ServiceTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Tomcat's threads leave an `OutOfMemoryError` to the virtual machine's handler, which ends the
/// process: an own one might let a server live on that accepts nobody.
class ServerThreadsTest extends ServiceTest {

  @Test
  void haveNoHandlerOfTheirOwn() {
    List<Thread> threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("http-nio-"))
            .toList();

    assertThat(threads).extracting(Thread::getName).anyMatch(name -> name.endsWith("-Acceptor"));
    assertThat(threads).extracting(Thread::getName).anyMatch(name -> name.endsWith("-Poller"));
    assertThat(threads)
        .allSatisfy(
            thread ->
                assertThat(thread.getUncaughtExceptionHandler()).isSameAs(thread.getThreadGroup()));
  }
}
