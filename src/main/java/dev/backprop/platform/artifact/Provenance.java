package dev.backprop.platform.artifact;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.plan.RowCounts;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The origin of a version of a model. The same data, specs and seed on an equal [Engine] give the
/// same parameters, bit by bit, if they start from the same.
///
/// @param dataSha256 of the training data as it was sent, in hexadecimal
/// @param engine that trained, here or elsewhere
/// @param warmStart the version whose parameters it started from; null if they were drawn
/// @param microsecondsPerRow what a row took the model where it was trained, from its cells to its
///   answer, among others, on one thread; null if that was not measured
/// @param imported null if it was trained here
/// @param spread how the training was spread over shards; null if it was not
public record Provenance(
    Engine engine,
    long seed,
    String dataSha256,
    RowCounts rows,
    @Nullable ModelReference warmStart,
    String trainingId,
    Instant startedAt,
    Instant finishedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double microsecondsPerRow,
    @Nullable Imported imported,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Spread spread) {

  /// Of a training on one machine.
  public Provenance(
      Engine engine,
      long seed,
      String dataSha256,
      RowCounts rows,
      @Nullable ModelReference warmStart,
      String trainingId,
      Instant startedAt,
      Instant finishedAt,
      @Nullable Double microsecondsPerRow,
      @Nullable Imported imported) {
    this(
        engine,
        seed,
        dataSha256,
        rows,
        warmStart,
        trainingId,
        startedAt,
        finishedAt,
        microsecondsPerRow,
        imported,
        null);
  }

  /// The same for a copy on another instance.
  public Provenance imported(Imported from) {
    return new Provenance(
        engine,
        seed,
        dataSha256,
        rows,
        warmStart,
        trainingId,
        startedAt,
        finishedAt,
        microsecondsPerRow,
        from,
        spread);
  }

  /// @param from the version that it is a copy of, as the other instance called it
  /// @param createdAt when that one was made
  /// @param sha256 of the artifact, in hexadecimal
  /// @param at when it came here
  public record Imported(ModelReference from, Instant createdAt, String sha256, Instant at) {}

  /// Of a training whose rows were spread over shards, which met in rounds.
  ///
  /// @param shards how many
  /// @param roundsPerEpoch how often they met
  /// @param rounds that there were
  /// @param bestRound the one whose parameters are served, from 1
  /// @param outer how the parameters became those that all went on from: `mean` or `nesterov`
  /// @param moments `averaged` or `reset` in every round
  /// @param rateFactor what the usual learning rate was multiplied by; 1 if the spec named one
  /// @param batchSize of a shard
  /// @param kernels of the machines that computed
  /// @param cpus their processors' families
  /// @param application that made it, and those before it that it went on from
  public record Spread(
      int shards,
      int roundsPerEpoch,
      int rounds,
      int bestRound,
      String outer,
      String moments,
      double rateFactor,
      int batchSize,
      List<String> kernels,
      List<String> cpus,
      List<String> application) {}
}
