package dev.backprop.service.job;

import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.platform.artifact.ModelName;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Sha256;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.dataset.SchemaRequest.TargetTask;
import dev.backprop.service.model.Models;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/// Reads training requests.
final class TrainingRequests {

  private final JsonMapper json;
  private final Datasets datasets;
  private final Models models;
  private final TrainingSources sources;

  TrainingRequests(JsonMapper json, Datasets datasets, Models models) {
    this.json = json;
    this.datasets = datasets;
    this.models = models;
    this.sources = new TrainingSources(datasets);
  }

  /// Reads a request to its end. Its rows and numbers take from the memory of data sets while they
  /// are read.
  ///
  /// @param id of the training that it asks for
  /// @param leases takes what the data hold until the training's end
  TrainingRequest read(InputStream in, String id, Leases leases) {
    return read(
        in,
        id,
        leases,
        body -> body,
        asked -> WarmStart.find(asked, models),
        MissingTokens.DEFAULT);
  }

  /// What was decided when a request was accepted.
  ///
  /// @param task what to do with the target; null for bare numbers
  /// @param start the version that it goes on from; null if it starts anew
  /// @param defaultTokens what stands for a missing cell, unless the request says it
  record Decided(
      @Nullable TargetTask task, @Nullable WarmStart start, MissingTokens defaultTokens) {}

  /// Reads it again, whatever has become of the version that it goes on from.
  TrainingRequest readAgain(InputStream in, String id, Leases leases, Decided decided) {
    return read(
        in,
        id,
        leases,
        body -> body.decided(decided.task()),
        _ -> decided.start(),
        decided.defaultTokens());
  }

  private TrainingRequest read(
      InputStream in,
      String id,
      Leases leases,
      UnaryOperator<TrainingBody> decided,
      Function<TrainingBody.@Nullable WarmStart, @Nullable WarmStart> starts,
      MissingTokens defaultTokens) {
    Budget.Claim room = datasets.reserve();
    leases.add(room::close);
    MessageDigest digest = Sha256.digest();
    TrainingBody body;
    CountedParts parts = new CountedParts(new DigestInputStream(in, digest));
    try (JsonParser parser = json.createParser(parts)) {
      body =
          decided.apply(
              TrainingBodyReader.read(json, parser, parts, () -> onTopOf(room), defaultTokens));
    }
    String model = body.model();
    if (model == null) {
      throw ProblemException.at(ProblemCode.INVALID_SPEC, "/model", "is required");
    }
    if (!ModelName.isValid(model)) {
      throw ProblemException.at(
          ProblemCode.INVALID_SPEC,
          "/model",
          "must be %s, was '%s'".formatted(ModelName.RULE, Excerpt.of(model)));
    }
    String sha256 = Sha256.hex(digest);
    WarmStart start = starts.apply(body.warmStart());
    return new TrainingRequest(
        id,
        model,
        !Boolean.FALSE.equals(body.activate()),
        sources.of(body, start, sha256, Paths.training(id), room, leases),
        start,
        Objects.requireNonNullElseGet(body.network(), () -> network(start)),
        Objects.requireNonNullElseGet(body.training(), TrainingSpec::defaults));
  }

  /// For a request that leaves it out.
  private static NetworkSpec network(@Nullable WarmStart start) {
    return start == null ? NetworkSpec.of(null, null, null) : start.network();
  }

  /// For one part more beside those that have been read.
  private static ByteBudget onTopOf(Budget.Claim room) {
    AtomicLong held = new AtomicLong();
    return bytes -> {
      room.holds(room.bytes() + bytes - held.get());
      held.set(bytes);
    };
  }
}
