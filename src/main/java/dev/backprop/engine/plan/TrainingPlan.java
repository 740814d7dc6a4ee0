package dev.backprop.engine.plan;

import dev.backprop.engine.data.Split;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.LayerShape;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.EnsembleRules;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingRules;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.training.InvalidCheckpointException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A training whose every choice is made and none of whose work is done. Its specs are resolved
/// against the data, and the sizes of all that it will need are known. [#run] does the work.
public final class TrainingPlan {

  private final @Nullable TrainingData validation;
  private final Footprints footprints;

  /// Null if the parameters are drawn and the encoders fitted.
  private final @Nullable Predictor start;

  private final String identity;

  /// Null until somebody asks for it.
  private @Nullable Split split;

  private TrainingPlan(
      @Nullable TrainingData validation,
      Footprints footprints,
      @Nullable Predictor start,
      String identity,
      @Nullable Split split) {
    this.validation = validation;
    this.footprints = footprints;
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
      FitSpec asked,
      @Nullable EncodingSpec kept) {
    FitSpec spec = new TargetVariants(data, kept).of(asked);
    EnsembleRules.check(spec);
    Decision decision = new Decision(data, validation, kept);
    if (spec.ensemble() == null) {
      try {
        TrainingRules.checkCut(spec.training());
      } catch (InvalidSpecException e) {
        throw e.under("/training");
      }
      Footprint one = decision.decide(spec);
      return new TrainingPlan(
          validation, new Footprints(one.spec(), List.of(one)), null, "", decision.split());
    }
    Footprints decided = decision.decideMembers(spec, spec.ensemble());
    return new TrainingPlan(validation, decided, null, "", decision.split());
  }

  /// A training that was decided before. Nothing is decided or checked again.
  ///
  /// @param spec resolved, as [#spec] said it
  /// @param rows as [#rows] said it
  public static TrainingPlan decided(
      TrainingData data, @Nullable TrainingData validation, FitSpec spec, RowCounts rows) {
    return new TrainingPlan(
        validation,
        new Footprints(
            spec,
            spec.members().stream()
                .map(member -> new Footprint(data.entering(member), member, rows))
                .toList()),
        null,
        "",
        null);
  }

  /// The same training from the parameters of a model on, which keeps its encoders: what its
  /// weights mean depends on them.
  ///
  /// @param model of the same schema and the same network
  /// @throws InvalidSpecException if the training deals rows to folds
  public TrainingPlan startingFrom(Predictor model) {
    if (spec().ensemble() != null) {
      throw new InvalidSpecException("/ensemble", "does not go with a warm start");
    }
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
    return new TrainingPlan(validation, footprints, model, identity, split);
  }

  /// The same training, told apart from those whose specs, columns and sizes are the same: their
  /// checkpoints are refused.
  ///
  /// @param said what else it depends on, such as hashes of its data and of the model it starts
  ///   from
  public TrainingPlan identifiedBy(String said) {
    return new TrainingPlan(validation, footprints, start, said, split);
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
    if (rows().calibrating() > 0) {
      parts.add("calibration " + rows().calibrating());
    }
    if (data().splitBy() != null) {
      parts.add(data().splitBy());
    }
    if (!spec().encoding().equals(EncodingSpec.DEFAULT)) {
      parts.add(spec().encoding());
    }
    if (spec().ensemble() != null) {
      parts.add(spec().ensemble());
    }
    return Fingerprint.of(parts);
  }

  /// What is to be said of the data's parts. Looks at every cell.
  public List<String> warnings() {
    return SplitWarnings.of(data(), split(), spec());
  }

  private Split split() {
    Split known = split;
    if (known == null) {
      TrainingSpec training = training();
      double fraction = training.validationFraction() == null ? 0 : training.validationFraction();
      known = data().split(fraction, training.testFraction(), training.seed());
      // Whether rows calibrate alone was decided; a former version decided that none do.
      if (rows().calibrating() > 0) {
        known = new HoldOut(data(), validation, known).calibrating(training.seed());
      }
      split = known;
    }
    return known;
  }

  private TrainingData data() {
    return lead().data();
  }

  /// Of the network, or of the first member of an ensemble.
  private Footprint lead() {
    return footprints.lead();
  }

  private Procedure procedure() {
    return footprints.procedure();
  }

  /// How the rows are parted; null if each is drawn by itself.
  public @Nullable SplitSpec splitBy() {
    return data().splitBy();
  }

  /// Resolved.
  public FitSpec spec() {
    return footprints.spec();
  }

  /// Resolved, with the embeddings that the encoding asks for.
  public NetworkSpec network() {
    return lead().network();
  }

  /// Resolved.
  public TrainingSpec training() {
    return lead().training();
  }

  /// Numbers that enter the network for a row.
  public int inputs() {
    return data().inputs().width();
  }

  public int outputs() {
    return data().target(network()).outputs();
  }

  public RowCounts rows() {
    return lead().rows();
  }

  /// All layers, the output layer last.
  public List<LayerShape> shapes() {
    return lead().shapes();
  }

  /// How many weights and biases there are to learn.
  public long parameters() {
    return lead().parameters();
  }

  /// Heap that the run will hold beside its data.
  ///
  /// @param threads of the team
  public long estimatedBytes(int threads) {
    return footprints.runBytes(threads);
  }

  /// Heap that a checkpoint holds at most, beside that of the run.
  ///
  /// @param threads of the team
  public long checkpointBytes(int threads) {
    return footprints.checkpointBytes(threads);
  }

  /// What a checkpoint of this training can have.
  public Checkpoint.Bounds checkpointBounds() {
    return footprints.checkpointBounds(fingerprint());
  }

  /// How many networks learn at the same time.
  ///
  /// @param threads of the team
  public int atOnce(int threads) {
    return procedure().atOnce(threads);
  }

  /// Heap that the trained model will hold.
  public long modelBytes() {
    return footprints.modelBytes();
  }

  /// The same of any model that was not cross-validated.
  ///
  /// @param values parameters and running statistics
  /// @param schemaBytes see [TrainingData#bytes(Schema, EncodingSpec)]
  public static long modelBytes(long values, long schemaBytes, int epochs) {
    return values * Float.BYTES + schemaBytes + 128L * epochs + 16_384;
  }

  /// How long it will take, within a factor of 3.
  ///
  /// @param threads of the team
  public Forecast forecast(MachineFigures machine, int threads) {
    return Forecast.of(footprints, machine, threads);
  }

  /// How long a row takes a model of this training, measured: in seconds, among others, on one
  /// thread.
  ///
  /// @return null if the clock stands still
  public @Nullable Double secondsPerRow(Predictor predictor, InstantSource clock) {
    return RowSeconds.of(predictor, data(), clock);
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
    Instant begun = clock.instant();
    List<Candidate> candidates =
        footprints.fits().stream()
            .map(
                fit ->
                    new Candidate(
                        new Fit(
                            fit.data(),
                            validation,
                            fit.network(),
                            start,
                            kernels,
                            clock,
                            supervisor,
                            false),
                        spec().ensemble() == null ? fit.training() : fit.training().within(null),
                        fit.cost()))
            .toList();
    return procedure()
        .run(
            new Procedure.Work(
                candidates,
                training(),
                split(),
                new Watch(supervisor, fingerprint, from),
                new LastLook(training(), begun, clock, supervisor)),
            team);
  }
}
