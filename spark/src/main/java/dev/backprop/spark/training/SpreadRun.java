package dev.backprop.spark.training;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.plan.RowCounts;
import dev.backprop.engine.plan.SpreadModel;
import dev.backprop.engine.plan.SpreadRule;
import dev.backprop.engine.plan.TrainingResult;
import dev.backprop.engine.scoring.Baseline;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.ClassWeightsSpec;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.SpreadTraining;
import dev.backprop.engine.training.TrainingOutcome;
import dev.backprop.platform.artifact.ArtifactCodec;
import dev.backprop.platform.artifact.ArtifactZip;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.artifact.ModelDocument;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.Provenance;
import dev.backprop.platform.json.StrictJson;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/// One training, as the driver carries it out: the data in shards, the encoders, the rounds, the
/// model. Every sum is taken in the order of the shards.
public final class SpreadRun {

  /// Of a shard; with fewer, one machine is faster.
  private static final int FEWEST_ROWS = 50_000;

  private final SparkSession spark;
  private final JavaSparkContext tasks;
  private final TrainOptions options;
  private final TrainSpec spec;
  private final TrainEvents events;
  private final InstantSource clock;
  private final KernelSelection kernels;
  private final ArtifactCodec codec;

  private SpreadRun(
      SparkSession spark, TrainOptions options, TrainEvents events, InstantSource clock) {
    this.spark = spark;
    this.tasks = new JavaSparkContext(spark.sparkContext());
    this.options = options;
    this.spec = TrainSpec.of(specText(options), options.seed());
    this.events = events;
    this.clock = clock;
    this.kernels = selection(options.kernels());
    this.codec = new ArtifactCodec(StrictJson.mapper(), kernels.kernels());
  }

  private static String specText(TrainOptions options) {
    try {
      return options.spec() == null ? "{}" : Files.readString(Path.of(options.spec()));
    } catch (IOException | IllegalArgumentException _) {
      throw new ProblemException(
          ProblemCode.NOT_FOUND, "--spec: there is no file '%s' to read".formatted(options.spec()));
    }
  }

  private static KernelSelection selection(@Nullable String kernels) {
    try {
      return KernelSelection.select(kernels);
    } catch (IllegalStateException e) {
      throw new ProblemException(ProblemCode.INVALID_PARAMETER, "--kernels: " + e.getMessage());
    }
  }

  /// Trains, writes the artifact, and sends it if there is a service to send it to.
  ///
  /// @throws ProblemException with one of the service's codes
  public static void run(
      SparkSession session, TrainOptions options, TrainEvents events, InstantSource clock)
      throws IOException, InterruptedException {
    ModelUpload upload =
        options.service() == null ? null : ModelUpload.of(options.service(), options.keyFile());
    // Columns that differ in case are different ones, as in the service; parts stay as they are
    // asked for.
    SparkSession spark = session.newSession();
    spark.conf().set("spark.sql.caseSensitive", true);
    spark.conf().set("spark.sql.adaptive.enabled", false);
    SpreadRun run = new SpreadRun(spark, options, events, clock);
    String application = spark.sparkContext().applicationId();
    CheckpointDirectory checkpoint = run.checkpoint();
    CheckpointDirectory.Begun begun = run.begin(checkpoint, application);
    byte[] artifact = checkpoint == null ? null : checkpoint.model();
    if (artifact == null) {
      artifact = run.watched(checkpoint, begun);
      if (checkpoint != null) {
        checkpoint.keepModel(artifact);
      }
    }
    run.write(artifact);
    if (upload != null) {
      String place = upload.send(options.model(), artifact, begun.first());
      events.tell("imported", "model", options.model(), "version", place);
    }
  }

  private @Nullable CheckpointDirectory checkpoint() throws IOException {
    return options.checkpoint() == null
        ? null
        : new CheckpointDirectory(options.checkpoint(), spark.sparkContext().hadoopConfiguration());
  }

  private CheckpointDirectory.Begun begin(
      @Nullable CheckpointDirectory checkpoint, String application) throws IOException {
    CheckpointDirectory.Begun fresh =
        new CheckpointDirectory.Begun(List.of(application), clock.instant());
    if (checkpoint == null) {
      return fresh;
    }
    CheckpointDirectory.Begun known = checkpoint.begun();
    if (known != null && !options.resume()) {
      throw new ProblemException(
          ProblemCode.CONFLICT,
          "--checkpoint: '%s' has a training already; go on with --resume, or name another directory"
              .formatted(options.checkpoint()));
    }
    CheckpointDirectory.Begun begun = known == null ? fresh : known.and(application);
    checkpoint.begin(begun);
    return begun;
  }

  private void write(byte[] artifact) throws IOException {
    org.apache.hadoop.fs.Path out = new org.apache.hadoop.fs.Path(options.out());
    try (OutputStream to =
        out.getFileSystem(spark.sparkContext().hadoopConfiguration()).create(out, true)) {
      to.write(artifact);
    }
    events.tell("written", "out", options.out(), "bytes", artifact.length);
  }

  private byte[] watched(@Nullable CheckpointDirectory checkpoint, CheckpointDirectory.Begun begun)
      throws IOException {
    try (FaultWatch watch = new FaultWatch(spark.sparkContext())) {
      try {
        return train(checkpoint, begun);
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        RuntimeException fault = watch.found();
        if (fault != null) {
          throw fault;
        }
        // Spark declares none of its exceptions, some of which are checked.
        throw e instanceof RuntimeException known ? known : new IllegalStateException(e);
      }
    }
  }

  private byte[] train(@Nullable CheckpointDirectory checkpoint, CheckpointDirectory.Begun begun)
      throws IOException {
    tasks.setJobDescription("reads the rows into shards");
    ShardedData data = ShardedData.read(spark, options, spec);
    SchemaDecision decision = SchemaDecision.of(data.columns(), spec, options.target());
    SpreadPlan plan = SpreadPlan.of(data, spec, decision);
    tasks.setJobDescription("measures the columns");
    List<ShardStatistics> statistics = statistics(data, plan);
    RowCounts rows = rows(statistics, data);
    ModelDraft drawn = plan.encoders(statistics, kernels.kernels());
    Network network = drawn.predictor().scorer().network();
    SpreadRule rule =
        SpreadRule.of(
            new SpreadRule.Size(
                rows.training(),
                options.shards(),
                network.parameters().size(),
                plan.fit().training().epochs()),
            options.perEpoch(),
            options.outer());
    plan = plan.with(spec.withRate(plan.fit(), rule.rate()));
    drawn = plan.draft(drawn.predictor(), drawn.learned(), drawn.provenance());
    Broadcast<SharedPlan> shared =
        tasks.broadcast(
            new SharedPlan(
                SpreadPlan.document(drawn, codec),
                classWeights(plan, statistics),
                options.kernels()));
    tasks.setJobDescription("encodes the rows");
    JavaRDD<EncodedShard> encoded =
        data.shards()
            .map(shard -> EncodedShard.of(shard, shared.value().live()))
            .persist(StorageLevel.MEMORY_AND_DISK());
    Baseline baseline = baseline(encoded, statistics);
    data.shards().unpersist();
    events.tell(
        "encoded",
        "rows",
        data.rows(),
        "training",
        rows.training(),
        "validation",
        rows.validation(),
        "test",
        rows.test(),
        "shards",
        options.shards(),
        "parameters",
        network.parameters().size(),
        "roundsPerEpoch",
        rule.rounds().perEpoch(),
        "outer",
        word(rule.rounds().outer()),
        "learningRate",
        plan.fit().training().optimizer().learningRate(),
        "warnings",
        decision.warnings());
    Scorer scorer = drawn.predictor().scorer();
    SpreadRounds rounds =
        new SpreadRounds(
            tasks,
            events,
            encoded,
            shared,
            scorer,
            plan,
            rule,
            identity(data, plan, rule),
            checkpoint);
    SpreadTraining training = rounds.run();
    return model(begun, data, plan, drawn, rule, rows, rounds, training, baseline);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private List<ShardStatistics> statistics(ShardedData data, SpreadPlan plan) {
    Broadcast<SharedPlan> shared =
        tasks.broadcast(
            new SharedPlan(
                SpreadPlan.document(plan.preliminary(kernels.kernels()), codec), null, null));
    List<ShardStatistics> statistics =
        new ArrayList<>(
            data.shards()
                .map(shard -> ShardStatistics.of(shard, shared.value().live().schema()))
                .collect());
    statistics.sort(Comparator.comparingInt(ShardStatistics::number));
    return statistics;
  }

  private RowCounts rows(List<ShardStatistics> shards, ShardedData data) {
    int[] sums = new int[3];
    int fewest = Integer.MAX_VALUE;
    for (ShardStatistics shard : shards) {
      for (int part = 0; part < sums.length; part++) {
        sums[part] = Math.addExact(sums[part], shard.rows()[part]);
      }
      fewest = Math.min(fewest, shard.rows()[RowParts.TRAINING]);
    }
    if (sums[RowParts.VALIDATION] == 0
        || fewest == 0
        || shards.stream().mapToDouble(s -> s.weights()[RowParts.VALIDATION]).sum() == 0
        || shards.stream().anyMatch(s -> s.weights()[RowParts.TRAINING] == 0)) {
      throw new ProblemException(
          ProblemCode.INVALID_DATA,
          "--shards: must be so few that each has rows to train on, and there must be rows to validate on; of %d rows in %d shards one has %d, and %d validate"
              .formatted(data.rows(), options.shards(), fewest, sums[RowParts.VALIDATION]));
    }
    long each = sums[RowParts.TRAINING] / options.shards();
    if (each < FEWEST_ROWS && !options.allowSmall()) {
      throw new ProblemException(
          ProblemCode.INVALID_PARAMETER,
          "--shards: must leave at least %d rows that train in each, %d leave %d; one machine is faster and needs about %d MB for the table: train there, or give --allow-small"
              .formatted(
                  FEWEST_ROWS,
                  options.shards(),
                  each,
                  Math.max(1, data.rows() * data.columns().size() * 8 / 1_000_000)));
    }
    return new RowCounts(sums[RowParts.TRAINING], sums[RowParts.VALIDATION], sums[RowParts.TEST]);
  }

  /// n / (k n_c) of all shards, if the spec balances classes; null if classes weigh nothing or what
  /// they weigh is given.
  private static @Nullable Map<String, Double> classWeights(
      SpreadPlan plan, List<ShardStatistics> shards) {
    if (!(plan.fit().training().classWeights() instanceof ClassWeightsSpec.Balanced)
        || !(plan.target() instanceof Target.Classes classes)) {
      return null;
    }
    List<Label> labels = classes.classes();
    double[] sums = new double[labels.size()];
    for (ShardStatistics shard : shards) {
      for (int c = 0; c < sums.length; c++) {
        sums[c] += shard.classes()[c];
      }
    }
    double all = Arrays.stream(sums).sum();
    Map<String, Double> weights = new LinkedHashMap<>();
    for (int c = 0; c < sums.length; c++) {
      weights.put(labels.get(c).text(), sums[c] == 0 ? 1 : all / (sums.length * sums[c]));
    }
    return weights;
  }

  private record ShardBaseline(int number, Baseline baseline) implements java.io.Serializable {}

  private static Baseline baseline(
      JavaRDD<EncodedShard> encoded, List<ShardStatistics> statistics) {
    List<ShardBaseline> all =
        new ArrayList<>(
            encoded.map(shard -> new ShardBaseline(shard.number(), shard.baseline())).collect());
    all.sort(Comparator.comparingInt(ShardBaseline::number));
    return Baseline.merged(
        all.stream().map(ShardBaseline::baseline).toList(),
        statistics.stream().mapToDouble(s -> s.weights()[RowParts.TRAINING]).toArray());
  }

  private String identity(ShardedData data, SpreadPlan plan, SpreadRule rule) {
    return String.join(
        "\n",
        data.sha256(),
        plan.fit().toString(),
        plan.decision().schema().toString(),
        rule.toString(),
        Integer.toString(options.shards()),
        kernels.kernels().name());
  }

  private byte[] model(
      CheckpointDirectory.Begun begun,
      ShardedData data,
      SpreadPlan plan,
      ModelDraft drawn,
      SpreadRule rule,
      RowCounts rows,
      SpreadRounds rounds,
      SpreadTraining training,
      Baseline baseline)
      throws IOException {
    TrainingOutcome outcome = training.outcome();
    if (outcome instanceof TrainingOutcome.Diverged how) {
      throw SpreadRounds.diverged(how);
    }
    tasks.setJobDescription("answers the rows that are held out");
    List<RoundTask.Answer> answers = rounds.ask(false, true);
    Scorer scorer = served(rounds.scorer(), training.values(), baseline);
    TrainingResult result =
        new SpreadModel(
                Objects.requireNonNull(drawn.predictor().features()),
                scorer,
                plan.fit().training(),
                plan.sample(),
                plan.training(),
                plan.heldOut(),
                rows.training())
            .judge(
                (TrainingOutcome.Completed) outcome,
                SpreadRounds.validation(answers),
                answers.stream().map(RoundTask.Answer::test).map(Objects::requireNonNull).toList(),
                clock);
    if (!(result instanceof TrainingResult.Trained trained)) {
      throw new ProblemException(ProblemCode.DIVERGED, "a figure of the model is not finite");
    }
    List<String> warnings = new ArrayList<>(plan.decision().warnings());
    warnings.addAll(trained.learned().warnings());
    if (rounds.machines().size() > 1 || rounds.names().size() > 1) {
      warnings.add(
          "machines of different kinds have trained it: another cluster may come to other bits; --kernels java computes alike on all");
    }
    ModelDraft draft =
        plan.draft(
            trained.predictor(),
            trained.learned().withWarnings(warnings),
            new Provenance(
                Engine.here(version(), kernels),
                plan.fit().training().seed(),
                data.sha256(),
                rows,
                null,
                begun.first(),
                begun.startedAt(),
                clock.instant(),
                null,
                null,
                new Provenance.Spread(
                    options.shards(),
                    rule.rounds().perEpoch(),
                    training.done(),
                    training.bestRound(),
                    word(rule.rounds().outer()),
                    rule.rounds().moments() ? "averaged" : "reset",
                    spec.rateGiven() ? 1 : rule.rate(),
                    plan.fit().training().resolvedBatchSize(),
                    rounds.names(),
                    rounds.machines(),
                    begun.applications())));
    events.tell(
        "trained",
        "rounds",
        training.done(),
        "bestRound",
        training.bestRound(),
        "sha256",
        sha256(training.values()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ArtifactZip.File(
            codec, draft, new ModelDocument.Origin(options.model(), 1, clock.instant()))
        .writeTo(bytes);
    return bytes.toByteArray();
  }

  private static String version() {
    String version = SpreadRun.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }

  private static Scorer served(Scorer drawn, float[] values, Baseline baseline) {
    Network network = drawn.network().copy();
    System.arraycopy(values, 0, network.parameters().values(), 0, values.length);
    return new Scorer(network, drawn.targetEncoder(), baseline);
  }

  /// Of the parameters, each as four bytes, the lowest first.
  private static String sha256(float[] values) {
    java.nio.ByteBuffer bytes =
        java.nio.ByteBuffer.allocate(values.length * Float.BYTES)
            .order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    try {
      return HexFormat.of()
          .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
