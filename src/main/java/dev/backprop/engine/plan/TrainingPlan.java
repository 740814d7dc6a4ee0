package dev.backprop.engine.plan;

import dev.backprop.engine.data.Split;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.LayerShape;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.FullBatchRules;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingRules;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.training.InvalidCheckpointException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A training whose every choice is made and none of whose work is done. Its specs are resolved
/// against the data, and the sizes of all that it will need are known. [#run] does the work.
public final class TrainingPlan {

  private final @Nullable TrainingData validation;
  private final Footprint footprint;

  /// Null if the parameters are drawn and the encoders fitted.
  private final @Nullable Predictor start;

  private final String identity;

  /// Null until somebody asks for it.
  private @Nullable Split split;

  private TrainingPlan(
      @Nullable TrainingData validation,
      Footprint footprint,
      @Nullable Predictor start,
      String identity,
      @Nullable Split split) {
    this.validation = validation;
    this.footprint = footprint;
    this.start = start;
    this.identity = identity;
    this.split = split;
  }

  /// Decides everything that follows from data and specs.
  ///
  /// @param validation rows to validate on that are not taken from the data; null to split the data
  /// @throws InvalidSpecException with a pointer into the request: `/encoding/…`, `/network/…`,
  ///   `/training/…` or `/data/…`
  public static TrainingPlan of(
      TrainingData data, @Nullable TrainingData validation, FitSpec spec) {
    return of(data, validation, spec, null);
  }

  /// @param kept the encoding of the model that it will go on from, see [#startingFrom]; null if it
  ///   starts anew
  public static TrainingPlan of(
      TrainingData data,
      @Nullable TrainingData validation,
      FitSpec spec,
      @Nullable EncodingSpec kept) {
    NetworkSpec network;
    try {
      network = Embeddings.resolve(spec.network().resolve(data.target().task()), data);
      FullBatchRules.check(spec.training().optimizer(), network);
      TrainingRules.check(spec.training(), network);
    } catch (InvalidSpecException e) {
      throw e.under("/network");
    }
    data.checkTargets(network);
    EncodingSpec encoding;
    try {
      encoding =
          Encodings.resolve(new FitSpec(spec.encoding(), network, spec.training()), data, kept);
      Encodings.checkTarget(encoding, data.target(), network);
    } catch (InvalidSpecException e) {
      throw e.under("/encoding");
    }
    Footprint footprint;
    Split split;
    try {
      TrainingSpec training = spec.training();
      double fraction = validation == null ? training.validationFractionFor(data.rows()) : 0;
      PlanChecks checks =
          new PlanChecks(data, validation, new FitSpec(encoding, network, training));
      checks.checkBeforeSplit();
      split = data.split(fraction, training.testFraction(), training.seed());
      checks.check(split, fraction);
      footprint = resolve(checks, split, fraction);
    } catch (InvalidSpecException e) {
      throw e.pointer().startsWith("/data/") ? e : e.under("/training");
    }
    try {
      footprint.shapes();
    } catch (InvalidSpecException e) {
      throw e.under("/network");
    }
    return new TrainingPlan(validation, footprint, null, "", split);
  }

  private static Footprint resolve(PlanChecks checks, Split split, double fraction) {
    TrainingData validation = checks.validation();
    TrainingSpec training = checks.training();
    RowCounts rows =
        new RowCounts(
            split.training().length,
            validation == null ? split.validation().length : validation.rows(),
            split.test().length);
    int validationRows = Procedure.of(training).validationRows(rows.validation(), rows.training());
    TrainingSpec resolved = training.resolve(fraction, rows.training(), validationRows);
    checks.checkBatch(resolved);
    FitSpec decided = new FitSpec(checks.spec().encoding(), checks.network(), resolved);
    return new Footprint(checks.data().entering(decided), decided, rows);
  }

  /// A training that was decided before. Nothing is decided or checked again.
  ///
  /// @param spec resolved, as [#spec] said it
  /// @param rows as [#rows] said it
  public static TrainingPlan decided(
      TrainingData data, @Nullable TrainingData validation, FitSpec spec, RowCounts rows) {
    return new TrainingPlan(
        validation, new Footprint(data.entering(spec), spec, rows), null, "", null);
  }

  /// The same training from the parameters of a model on, which keeps its encoders: what its
  /// weights mean depends on them.
  ///
  /// @param model of the same schema and the same network
  /// @throws InvalidSpecException if the training deals rows to folds
  public TrainingPlan startingFrom(Predictor model) {
    if (procedure() instanceof Procedure.InFolds folds) {
      throw new InvalidSpecException(
          "/training/" + folds.setting(),
          "does not go with a warm start: the model may have learned from the rows of a fold");
    }
    Network known = model.scorer().network();
    if (!known.spec().equals(network())
        || known.inputs() != inputs()
        || known.parameters().size() != parameters()
        || !model.scorer().target().equals(data().target(network()))) {
      throw new IllegalArgumentException("the model is another network's");
    }
    return new TrainingPlan(validation, footprint, model, identity, split);
  }

  /// The same training, told apart from those whose specs, columns and sizes are the same: their
  /// checkpoints are refused.
  ///
  /// @param said what else it depends on, such as hashes of its data and of the model it starts
  ///   from
  public TrainingPlan identifiedBy(String said) {
    return new TrainingPlan(validation, footprint, start, said, split);
  }

  private Fingerprint fingerprint() {
    List<Object> parts =
        new ArrayList<>(
            List.of(
                network(),
                training(),
                data() instanceof TrainingData.Rows rows ? rows.schema() : data().target(),
                data().inputs(),
                data().rows(),
                rows().training(),
                rows().validation(),
                rows().test(),
                start != null,
                identity));
    if (data().splitBy() != null) {
      parts.add(data().splitBy());
    }
    if (!spec().encoding().equals(EncodingSpec.DEFAULT)) {
      parts.add(spec().encoding());
    }
    return Fingerprint.of(parts);
  }

  /// What is to be said of the data's parts. Looks at every cell.
  public List<String> warnings() {
    return SplitWarnings.of(data(), split(), training());
  }

  private Split split() {
    Split known = split;
    if (known == null) {
      TrainingSpec training = training();
      double fraction = training.validationFraction() == null ? 0 : training.validationFraction();
      known = data().split(fraction, training.testFraction(), training.seed());
      split = known;
    }
    return known;
  }

  private TrainingData data() {
    return footprint.data();
  }

  private Procedure procedure() {
    return Procedure.of(training());
  }

  /// How the rows are parted; null if each is drawn by itself.
  public @Nullable SplitSpec splitBy() {
    return data().splitBy();
  }

  /// Resolved.
  public FitSpec spec() {
    return footprint.spec();
  }

  /// Resolved, with the embeddings that the encoding asks for.
  public NetworkSpec network() {
    return footprint.network();
  }

  /// Resolved.
  public TrainingSpec training() {
    return footprint.training();
  }

  /// Numbers that enter the network for a row.
  public int inputs() {
    return data().inputs().width();
  }

  public int outputs() {
    return data().target(network()).outputs();
  }

  public RowCounts rows() {
    return footprint.rows();
  }

  /// All layers, the output layer last.
  public List<LayerShape> shapes() {
    return footprint.shapes();
  }

  /// How many weights and biases there are to learn.
  public long parameters() {
    return footprint.parameters();
  }

  /// Heap that the run will hold beside its data.
  ///
  /// @param threads of the team
  public long estimatedBytes(int threads) {
    return footprint.runBytes(threads);
  }

  /// Heap that a checkpoint holds at most, beside that of the run.
  ///
  /// @param threads of the team
  public long checkpointBytes(int threads) {
    return footprint.checkpointBytes(threads);
  }

  /// What a checkpoint of this training can have.
  public Checkpoint.Bounds checkpointBounds() {
    return footprint.checkpointBounds(fingerprint());
  }

  /// How many networks learn at the same time.
  ///
  /// @param threads of the team
  public int atOnce(int threads) {
    return procedure().atOnce(threads);
  }

  /// Heap that the trained model will hold.
  public long modelBytes() {
    return footprint.modelBytes();
  }

  /// The same of any model that was not cross-validated.
  ///
  /// @param values parameters and running statistics
  /// @param schemaBytes see [TrainingData#bytes(Schema, EncodingSpec)]
  public static long modelBytes(long values, long schemaBytes, int epochs) {
    return values * Float.BYTES + schemaBytes + 128L * epochs + 16_384;
  }

  /// A rough forecast, within a factor of 3 on current server cores.
  public double estimatedSecondsPerEpoch() {
    return footprint.secondsPerEpoch();
  }

  /// Does the work, on the calling thread and on those of the team; what comes of it depends on
  /// neither.
  ///
  /// @param supervisor hears nothing again that the checkpoint has
  /// @param from a checkpoint of the same plan to go on from, once; null to begin
  /// @throws InvalidCheckpointException if the checkpoint is another plan's
  public TrainingResult run(
      Kernels kernels,
      Team team,
      InstantSource clock,
      Supervisor supervisor,
      @Nullable Checkpoint from) {
    Fingerprint fingerprint = fingerprint();
    if (from != null) {
      from.fingerprint().require(fingerprint);
    }
    Fit fit = new Fit(data(), validation, network(), start, kernels, clock, supervisor);
    return procedure()
        .run(fit, training(), split(), team, new Watch(supervisor, fingerprint, from));
  }
}
