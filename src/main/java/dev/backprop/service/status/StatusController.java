package dev.backprop.service.status;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.platform.caller.Allowed;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.keys.Keys;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.storage.JdbcDatabase;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.info.GitProperties;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Tells what the service does now.
@RestController
final class StatusController {

  private static final double MILLIS = 1_000;

  private final StatusMeters meters;
  private final List<Budget> budgets;
  private final Keys keys;
  private final KernelSelection kernels;
  private final ObjectProvider<BuildProperties> build;
  private final ObjectProvider<GitProperties> git;
  private final String storage;
  private final InstantSource clock;

  StatusController(
      StatusMeters meters,
      List<Budget> budgets,
      Keys keys,
      KernelSelection kernels,
      ObjectProvider<BuildProperties> build,
      ObjectProvider<GitProperties> git,
      ObjectProvider<JdbcDatabase> database,
      InstantSource clock) {
    this.meters = meters;
    this.budgets = budgets.stream().sorted(Comparator.comparing(Budget::name)).toList();
    this.keys = keys;
    this.kernels = kernels;
    this.build = build;
    this.git = git;
    JdbcDatabase stored = database.getIfAvailable();
    this.storage = stored == null ? "memory" : stored.kind().name().toLowerCase(Locale.ROOT);
    this.clock = clock;
  }

  @Allowed(Role.ADMIN)
  @GetMapping(path = Paths.STATUS, produces = MediaType.APPLICATION_JSON_VALUE)
  StatusResource status() {
    BuildProperties built = build.getIfAvailable();
    GitProperties source = git.getIfAvailable();
    Instant started = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    return new StatusResource(
        built == null ? null : built.getVersion(),
        source == null ? null : source.getCommitId(),
        started,
        Math.max(0, Duration.between(started, clock.instant()).toMillis() / MILLIS),
        kernels.kernels().name(),
        new StatusResource.Queue(
            (int) meters.gauge("backprop.training.queued"),
            (int) meters.gauge("backprop.training.queue.capacity"),
            (int) meters.gauge("backprop.training.running")),
        memory(),
        (int) meters.gauge("backprop.processes"),
        new StatusResource.Storage(
            storage,
            meters.gauge("disk.free"),
            meters.gauge("disk.total"),
            meters.counts("backprop.storage.faults", "kind")),
        new StatusResource.Keys(keys.valid()));
  }

  private StatusResource.Memory memory() {
    Runtime runtime = Runtime.getRuntime();
    return new StatusResource.Memory(
        runtime.totalMemory() - runtime.freeMemory(),
        runtime.maxMemory(),
        budgets.stream()
            .map(
                budget ->
                    new StatusResource.BudgetUse(
                        budget.name(),
                        budget.limit(),
                        budget.held(),
                        budget.waiting(),
                        budget.refused()))
            .toList());
  }
}
