package dev.backprop.service.job;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.plan.MachineFigures;
import dev.backprop.engine.plan.MachineMeasurement;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.storage.Pulse;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/// What this machine takes to compute. It is measured once, after the service is ready, while no
/// training runs. Until then figures of another machine count.
final class MachineSpeed
    implements Supplier<MachineFigures>, ApplicationListener<ApplicationReadyEvent>, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(MachineSpeed.class);

  /// From readiness to the first attempt, and between two.
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /// The first ones are measured while the compiler is at work on what they measure.
  private static final int ATTEMPTS = 3;

  private final Kernels kernels;
  private final Budget memory;
  private final Pulse pulse = new Pulse(1);
  private int attempts; // only its own thread uses it
  private volatile MachineFigures figures = MachineFigures.BUILT_IN;

  /// @param memory of running trainings, which hold some of it
  MachineSpeed(Kernels kernels, Budget memory) {
    this.kernels = kernels;
    this.memory = memory;
  }

  @Override
  public MachineFigures get() {
    return figures;
  }

  @Override
  public void onApplicationEvent(ApplicationReadyEvent event) {
    pulse.every(PAUSE, this::measure);
  }

  /// Gives up at once if a training comes.
  void measure() {
    MachineFigures measured =
        new MachineMeasurement(kernels, System::nanoTime, () -> memory.held() == 0).measure();
    if (measured != null && ++attempts == ATTEMPTS) {
      figures = measured;
      log.debug("Forecasts of trainings go by {}", measured);
      pulse.close();
    }
  }

  @Override
  public void close() {
    pulse.close();
  }
}
