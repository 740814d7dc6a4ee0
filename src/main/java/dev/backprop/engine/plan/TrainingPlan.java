package dev.backprop.engine.plan;

import dev.backprop.engine.data.Batches;
import dev.backprop.engine.data.Folds;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.linalg.Cut;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.InputLayout;
import dev.backprop.engine.nn.LayerShape;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.optim.Optimizer;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.FullBatchRules;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.training.InvalidCheckpointException;
import dev.backprop.engine.training.RowWeights;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A training whose every choice is made and none of whose work is done: the specs resolved against
/// the data, the sizes of all that it will need. [#run] does the work.
public final class TrainingPlan {

  private final TrainingData data;
  private final InputLayout inputs;
  private final @Nullable TrainingData validation;
  private final NetworkSpec network;
  private final TrainingSpec training;
  private final int trainingRows;
  private final int validationRows;
  private final int testRows;

  /// Null where the parameters are drawn and the encoders fitted.
  private final @Nullable Predictor start;

  private final String identity;

  private TrainingPlan(
      TrainingData data,
      @Nullable TrainingData validation,
      NetworkSpec network,
      TrainingSpec training,
      int trainingRows,
      int validationRows,
      int testRows,
      @Nullable Predictor start,
      String identity) {
    this.data = data;
    this.inputs = data.inputs();
    this.validation = validation;
    this.network = network;
    this.training = training;
    this.trainingRows = trainingRows;
    this.validationRows = validationRows;
    this.testRows = testRows;
    this.start = start;
    this.identity = identity;
  }

  /// Decides everything that follows from data and specs.
  ///
  /// @param validation rows to validate on that are not taken from the data; null to split the data
  /// @throws InvalidSpecException with a pointer into the request: `/network/…`, `/training/…` or
  ///   `/data/…`
  public static TrainingPlan of(
      TrainingData data,
      @Nullable TrainingData validation,
      NetworkSpec network,
      TrainingSpec training) {
    NetworkSpec resolvedNetwork;
    try {
      resolvedNetwork = Embeddings.resolve(network.resolve(data.target().task()), data);
      FullBatchRules.check(training.optimizer(), resolvedNetwork);
    } catch (InvalidSpecException e) {
      throw e.under("/network");
    }
    data.checkTargets(resolvedNetwork);
    TrainingPlan plan = plan(data, validation, resolvedNetwork, training);
    try {
      plan.shapes();
    } catch (InvalidSpecException e) {
      throw e.under("/network");
    }
    return plan;
  }

  private static TrainingPlan plan(
      TrainingData data,
      @Nullable TrainingData validation,
      NetworkSpec network,
      TrainingSpec training) {
    try {
      RowWeights.check(training.classWeights(), data.target());
      if (validation != null
          && training.validationFraction() != null
          && training.validationFraction() > 0) {
        throw new InvalidSpecException(
            "/validationFraction",
            "must be left out where validation rows are given apart, was "
                + training.validationFraction());
      }
      double fraction = validation == null ? training.validationFractionFor(data.rows()) : 0;
      Split split = data.split(fraction, training.testFraction(), training.seed());
      if (split.training().length == 0) {
        throw new InvalidSpecException(
            fraction > 0 ? "/validationFraction" : "/testFraction",
            "must leave at least 1 training row, leaves 0 of " + data.rows());
      }
      RowWeights.checkSums(data.unencoded(), split, data.target(), training.classWeights());
      int validationRows = validation == null ? split.validation().length : validation.rows();
      if (training.crossValidation() != null) {
        checkFolds(training.crossValidation(), data, validation, network, split, training);
      }
      TrainingSpec resolved =
          training.resolve(
              fraction,
              split.training().length,
              training.crossValidation() == null ? validationRows : split.training().length);
      if (resolved.resolvedBatchSize() < network.smallestBatch()) {
        throw new InvalidSpecException(
            "/batchSize",
            "must be at least %d with batch normalization, was %d"
                .formatted(network.smallestBatch(), resolved.resolvedBatchSize()));
      }
      return new TrainingPlan(
          data.embedding(network.embeddings().keySet()),
          validation,
          network,
          resolved,
          split.training().length,
          validationRows,
          split.test().length,
          null,
          "");
    } catch (InvalidSpecException e) {
      // Weights are told of where they were given.
      throw e.pointer().startsWith("/data/") ? e : e.under("/training");
    }
  }

  private static void checkFolds(
      CrossValidationSpec spec,
      TrainingData data,
      @Nullable TrainingData validation,
      NetworkSpec network,
      Split split,
      TrainingSpec training) {
    if (validation != null) {
      throw new InvalidSpecException(
          "/crossValidation",
          "must be left out where validation rows are given apart, was %d folds"
              .formatted(spec.folds()));
    }
    int rows = split.training().length;
    if (spec.folds() > rows) {
      throw new InvalidSpecException(
          "/crossValidation/folds",
          "must be at most the %d training rows, was %d".formatted(rows, spec.folds()));
    }
    boolean weighted = data.unencoded().weighted();
    int smallest = network.smallestBatch();
    if (weighted || smallest > 1 || data.splitBy() != null) {
      Folds folds = data.folds(split, spec.folds(), training.seed());
      for (int fold = 0; fold < folds.count(); fold++) {
        Split rowsOfFold = folds.split(fold);
        if (rowsOfFold.training().length < smallest) {
          throw new InvalidSpecException(
              "/crossValidation/folds",
              "must leave at least %d rows to train on with batch normalization, leaves %d"
                  .formatted(smallest, rowsOfFold.training().length));
        }
        if (weighted) {
          RowWeights.checkSums(
              data.unencoded(), rowsOfFold, data.target(), training.classWeights());
        }
      }
    }
  }

  /// The same training from the parameters of a model on, which keeps its encoders: what its
  /// weights mean depends on them.
  ///
  /// @param model of the same schema and the same network
  /// @throws InvalidSpecException where the training is cross-validated
  public TrainingPlan startingFrom(Predictor model) {
    if (training.crossValidation() != null) {
      throw new InvalidSpecException(
          "/training/crossValidation",
          "does not go with a warm start: the model may have learned from the rows of a fold");
    }
    Network known = model.scorer().network();
    if (!known.spec().equals(network)
        || known.inputs() != inputs()
        || known.parameters().size() != parameters()
        || !model.scorer().target().equals(data.target(network))) {
      throw new IllegalArgumentException("the model is another network's");
    }
    return with(model, identity);
  }

  /// The same training, told apart from those whose specs, columns and sizes are the same: their
  /// checkpoints are refused.
  ///
  /// @param said what else it depends on, such as hashes of its data and of the model it starts
  ///   from
  public TrainingPlan identifiedBy(String said) {
    return with(start, said);
  }

  private TrainingPlan with(@Nullable Predictor model, String said) {
    return new TrainingPlan(
        data, validation, network, training, trainingRows, validationRows, testRows, model, said);
  }

  private Fingerprint fingerprint() {
    List<Object> parts =
        new ArrayList<>(
            List.of(
                network,
                training,
                data instanceof TrainingData.Rows rows ? rows.schema() : data.target(),
                inputs,
                data.rows(),
                trainingRows,
                validationRows,
                testRows,
                start != null,
                identity));
    if (data.splitBy() != null) {
      parts.add(data.splitBy());
    }
    return Fingerprint.of(parts);
  }

  /// What is to be said of the data's parts. Looks at every cell.
  public List<String> warnings() {
    return SplitWarnings.of(data, split(), training);
  }

  private Split split() {
    double fraction = training.validationFraction() == null ? 0 : training.validationFraction();
    return data.split(fraction, training.testFraction(), training.seed());
  }

  /// How the rows are parted; null where each is drawn by itself.
  public @Nullable SplitSpec splitBy() {
    return data.splitBy();
  }

  /// Resolved.
  public NetworkSpec network() {
    return network;
  }

  /// Resolved.
  public TrainingSpec training() {
    return training;
  }

  /// Numbers that enter the network for a row.
  public int inputs() {
    return inputs.width();
  }

  public int outputs() {
    return data.target(network).outputs();
  }

  public int trainingRows() {
    return trainingRows;
  }

  public int validationRows() {
    return validationRows;
  }

  public int testRows() {
    return testRows;
  }

  /// All layers, the output layer last.
  public List<LayerShape> shapes() {
    return Network.shapes(network, inputs, outputs());
  }

  /// How many weights and biases there are to learn.
  public long parameters() {
    return Network.parameterCount(network, inputs, outputs());
  }

  /// Heap that the run will hold beside its data: parameters, gradient, optimizer state, the best
  /// epoch's copy, the average, workspaces, row orders, the weights of a batch.
  public long estimatedBytes() {
    int batch = rowsAtOnce();
    int shards = Cut.shards(batch, parameters());
    long rows = (long) trainingRows + validationRows + testRows;
    int perParameter = shards + Optimizer.stateFloats(training.optimizer());
    if (training.optimizer().fullBatch()) {
      perParameter++; // the sum over chunks
    }
    long shard =
        Network.workspaceBytes(network, inputs, outputs(), Math.ceilDiv(batch, shards), true);
    return (values() * copies() + parameters() * perParameter) * Float.BYTES
        + shards * shard
        + Network.workspaceBytes(network, inputs, outputs(), Scorer.BLOCK, false)
        + rows * (2 * Integer.BYTES + Float.BYTES + 1)
        + (data.splitBy() == null ? 0 : rows * (3 * Integer.BYTES + Double.BYTES)) // their keys
        + weightBytes(rows)
        + confusionBytes();
  }

  /// As [#estimatedBytes()], where folds are fitted side by side.
  ///
  /// @param threads of the team
  public long estimatedBytes(int threads) {
    CrossValidationSpec folds = training.crossValidation();
    return folds == null
        ? estimatedBytes()
        : estimatedBytes() * atOnce(threads) + trainingRows * (2L * Integer.BYTES + 1);
  }

  /// Heap that a checkpoint holds at most, beside that of the run.
  ///
  /// @param threads of the team
  public long checkpointBytes(int threads) {
    CrossValidationSpec folds = training.crossValidation();
    return atOnce(threads) * (checkpointFloats() * Float.BYTES + 128L * training.epochs() + 16_384)
        + (folds == null ? 0 : 512L * folds.folds() * outputs());
  }

  private long checkpointFloats() {
    return values() * copies() + parameters() * Optimizer.stateFloats(training.optimizer());
  }

  CheckpointReader.Bounds checkpointBounds() {
    CrossValidationSpec folds = training.crossValidation();
    return new CheckpointReader.Bounds(
        fingerprint(),
        folds == null ? 0 : folds.folds(),
        Math.max(2, outputs()), // both classes of one output
        training.epochs(),
        checkpointFloats());
  }

  /// Of the network's values: those that learn, the best, the average.
  private int copies() {
    int copies = 1;
    if (training.resolvedEarlyStopping() instanceof EarlyStoppingSpec.Patience) {
      copies++;
    }
    if (training.averaging() != null) {
      copies++;
    }
    return copies;
  }

  /// How many networks learn at the same time.
  ///
  /// @param threads of the team
  public int atOnce(int threads) {
    CrossValidationSpec folds = training.crossValidation();
    return folds == null ? 1 : Math.min(threads, folds.folds());
  }

  private int rowsAtOnce() {
    return training.optimizer().fullBatch()
        ? Cut.rowsAtOnce(trainingRows, Network.workspaceBytes(network, inputs, outputs(), 1, true))
        : largestBatch();
  }

  private int largestBatch() {
    return Batches.largest(trainingRows, training.resolvedBatchSize(), network.smallestBatch());
  }

  /// Parameters, and the running statistics behind them.
  private long values() {
    return Network.valueCount(network, inputs, outputs());
  }

  /// Weights of a batch, and of the rows that are sorted for the area under the ROC curve.
  private long weightBytes(long rows) {
    boolean weighted = data.unencoded().weighted();
    long step = weighted || training.classWeights() != null ? largestBatch() : 0;
    return Double.BYTES * (step + (weighted ? 2 * rows : 0));
  }

  /// Counts by actual and predicted class, and by weight: while rows are scored, and for each part
  /// as they are kept.
  private long confusionBytes() {
    long classes = network.outputActivation() instanceof Activation.Softmax ? (long) outputs() : 2L;
    return 4 * Long.BYTES * classes * classes;
  }

  /// Heap that the trained model will hold: its parameters and statistics, the codes and names of
  /// its columns, its history, the figures of its folds and, over them, of its classes or outputs.
  public long modelBytes() {
    CrossValidationSpec folds = training.crossValidation();
    return modelBytes(values(), data.schemaBytes(), training.epochs())
        + confusionBytes()
        + (folds == null ? 0 : 1_024L * (folds.folds() + outputs()));
  }

  /// The same of any model that was not cross-validated.
  ///
  /// @param values parameters and running statistics
  /// @param schemaBytes see [TrainingData#bytes(Schema)]
  public static long modelBytes(long values, long schemaBytes, int epochs) {
    return values * Float.BYTES + schemaBytes + 128L * epochs + 16_384;
  }

  /// A rough forecast: 6 floating-point operations a parameter and example at 20 GFLOP/s, the
  /// optimizer's passes over the parameters, and a microsecond a batch; within a factor of 3 on
  /// current server cores. Embeddings are looked up, not multiplied.
  public double estimatedSecondsPerEpoch() {
    double batches = Math.ceil(trainingRows / (double) training.resolvedBatchSize());
    long multiplied =
        shapes().stream()
            .filter(shape -> !shape.type().equals(LayerShape.INPUT))
            .mapToLong(LayerShape::parameters)
            .sum();
    double products = (6.0 * trainingRows + 2.0 * validationRows) * multiplied / 20e9;
    double passes =
        training.optimizer() instanceof OptimizerSpec.Lbfgs lbfgs ? 4.0 * lbfgs.history() : 1;
    return products
        + batches * (passes * parameters() * 0.4e-9 + 1e-6)
        + trainingRows * inputs() * 3e-9;
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
    Split split = split();
    Fit fit = new Fit(data, validation, network, start, kernels, clock);
    CrossValidationSpec folds = training.crossValidation();
    if (folds != null) {
      return new CrossValidation(fit, training, split, folds.folds())
          .run(team, supervisor, fingerprint, from);
    }
    return fit.run(
        split,
        training,
        training.epochs(),
        team,
        from == null ? null : from.fits().get(Checkpoint.KEPT),
        new KeptFit(supervisor, fingerprint, List.of()));
  }
}
