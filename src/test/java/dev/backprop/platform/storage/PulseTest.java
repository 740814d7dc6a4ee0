package dev.backprop.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class PulseTest {

  @Test
  void goesOnWhateverATurnThrowsAndTellsItOnce(CapturedOutput output) throws Exception {
    CountDownLatch turns = new CountDownLatch(5);
    try (Pulse pulse = new Pulse(1)) {
      pulse.every(
          Duration.ofMillis(1),
          () -> {
            turns.countDown();
            throw new AssertionError("no turn goes well");
          });

      assertThat(turns.await(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(output.getOut().split("no turn goes well", -1)).hasSize(2);
  }
}
