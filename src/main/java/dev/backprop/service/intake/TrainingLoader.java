package dev.backprop.service.intake;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Target;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.model.ModelVersion;
import dev.backprop.service.model.Models;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Loads decided trainings, when their turn to run has come.
public final class TrainingLoader {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Datasets datasets;
  private final Models models;

  public TrainingLoader(Datasets datasets, Models models) {
    this.datasets = datasets;
    this.models = models;
  }

  /// Loads the data sets and the plan that were decided at acceptance. It parses, infers and
  /// decides nothing again.
  ///
  /// @param start the version that it goes on from; null if it starts anew
  /// @param reserved room for its model; null if there is none yet
  /// @throws ProblemException `busy`, `storage-unavailable` or `newer-format` if the training
  ///   cannot be loaded now or by this process; any other code if it can never be loaded
  public OpenTraining open(
      Acceptance acceptance,
      TrainingInputs inputs,
      @Nullable ModelVersion start,
      Models.@Nullable Reservation reserved) {
    Leases leases = new Leases();
    OpenTraining open = null;
    try {
      if (reserved != null) {
        leases.add(reserved::release);
      }
      TrainingPlan plan = plan(acceptance, inputs, start, leases);
      Models.Reservation room = reserved == null ? models.expect(plan.modelBytes()) : reserved;
      leases.add(room::release);
      open = new OpenTraining(plan, inputs, room, leases);
      return open;
    } catch (ProblemException e) {
      throw forNow(e);
    } finally {
      if (open == null) {
        leases.release();
      }
    }
  }

  private TrainingPlan plan(
      Acceptance acceptance, TrainingInputs inputs, @Nullable ModelVersion start, Leases leases) {
    Target target = acceptance.target().target();
    Schema schema = inputs.schema(target);
    Table table = table(inputs.data(), acceptance.id(), leases);
    TrainingData data =
        schema == null
            ? new TrainingData.Bare(BareExamples.of(table, target.outputs(), inputs.weighted()))
            : new TrainingData.Rows(table, schema, acceptance.spec().splitBy());
    TrainingData validation =
        inputs.validation() == null || schema == null
            ? null
            : new TrainingData.Rows(table(inputs.validation(), acceptance.id(), leases), schema);
    TrainingPlan plan =
        TrainingPlan.decided(data, validation, acceptance.spec().fit(), acceptance.rows());
    return (start == null ? plan : plan.startingFrom(start.predictor()))
        .identifiedBy(acceptance.id());
  }

  private Table table(TrainingInputs.Rows rows, String training, Leases leases) {
    Table given = rows.dataset() == null ? null : hold(rows.dataset(), training, leases);
    Table own = rows.own() == null ? null : hold(rows.own(), training, leases);
    if (given == null || own == null) {
      return Objects.requireNonNull(given == null ? own : given);
    }
    Map<String, Column> columns = new LinkedHashMap<>();
    given.columns().forEach(column -> columns.put(column.name(), column));
    own.columns().forEach(column -> columns.put(column.name(), column));
    return new Table(given.rows(), List.copyOf(columns.values()));
  }

  private Table hold(String dataset, String training, Leases leases) {
    String holder = Paths.training(training);
    Table table = datasets.hold(dataset, holder).table();
    leases.add(() -> datasets.release(dataset, holder));
    return table;
  }

  /// Others will give back the room that they take now, so a full repository is no reason to fail.
  static ProblemException forNow(ProblemException e) {
    return e.code() == ProblemCode.REPOSITORY_FULL
        ? new ProblemException(ProblemCode.BUSY, e.detail()).withRetryAfter(RETRY_AFTER)
        : e;
  }
}
