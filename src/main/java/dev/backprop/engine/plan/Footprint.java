package dev.backprop.engine.plan;

import dev.backprop.engine.data.Batches;
import dev.backprop.engine.linalg.Cut;
import dev.backprop.engine.nn.InputLayout;
import dev.backprop.engine.nn.LayerShape;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.optim.Optimizer;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.TrainingRules;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one fit of a training will take: memory and time, estimated from specs and sizes alone.
///
/// @param data as they enter the network
/// @param spec resolved
record Footprint(TrainingData data, FitSpec spec, RowCounts rows) {

  /// Of one layer in one epoch: four figures, and a name of up to 90 characters in a checkpoint.
  private static final long LAYER_FIGURE_BYTES = 256;

  NetworkSpec network() {
    return data.network(spec);
  }

  TrainingSpec training() {
    return spec.training();
  }

  InputLayout inputs() {
    return data.inputs();
  }

  int outputs() {
    return data.target(network()).outputs();
  }

  /// The same with this limit of its time; null for none.
  Footprint within(@Nullable Double seconds) {
    return new Footprint(
        data, new FitSpec(spec.encoding(), spec.network(), training().within(seconds)), rows);
  }

  List<LayerShape> shapes() {
    return Network.shapes(network(), inputs(), outputs());
  }

  long parameters() {
    return Network.parameterCount(network(), inputs(), outputs());
  }

  /// Parameters, and the running statistics behind them.
  long values() {
    return Network.valueCount(network(), inputs(), outputs());
  }

  /// A network that waits for others, with its history.
  long keptBytes() {
    return values() * Float.BYTES + 128L * training().epochs() + layerFigureBytes();
  }

  /// Heap that the fit will hold beside its data: parameters, gradient, optimizer state, the best
  /// epoch's copy, the average, workspaces, row orders, the weights of a batch.
  long fitBytes() {
    int batch = rowsAtOnce();
    int shards = Cut.shards(batch, network().networks(), parameters());
    int perParameter = shards + Optimizer.stateFloats(training().optimizer());
    if (training().optimizer().fullBatch()) {
      perParameter++; // the sum over chunks
    }
    long shard =
        Network.workspaceBytes(network(), inputs(), outputs(), Math.ceilDiv(batch, shards), true);
    if (training().layerStatistics()) {
      perParameter++; // those before a step
    }
    return (values() * copies() + parameters() * perParameter) * Float.BYTES
        + shards * shard
        + Network.workspaceBytes(network(), inputs(), outputs(), Scorer.BLOCK, false)
        + rows.all() * (2 * Integer.BYTES + Float.BYTES + 1)
        + (data.splitBy() == null ? 0 : rows.all() * (3 * Integer.BYTES + Double.BYTES)) // keys
        + weightBytes()
        + confusionBytes();
  }

  /// Heap that a snapshot of the fit holds at most.
  long snapshotBytes() {
    return snapshotFloats() * Float.BYTES
        + 128L * training().epochs()
        + layerFigureBytes()
        + 16_384;
  }

  long snapshotFloats() {
    return values() * copies() + parameters() * Optimizer.stateFloats(training().optimizer());
  }

  /// Of the network's values: those that learn, the best, the average.
  private int copies() {
    int copies = 1;
    if (training().servesBestEpoch()) {
      copies++;
    }
    if (training().averaging() != null) {
      copies++;
    }
    return copies;
  }

  int rowsAtOnce() {
    return training().optimizer().fullBatch()
        ? Cut.rowsAtOnce(
            rows.training(), Network.workspaceBytes(network(), inputs(), outputs(), 1, true))
        : largestBatch();
  }

  private int largestBatch() {
    return Batches.largest(
        rows.training(), training().resolvedBatchSize(), network().smallestBatch());
  }

  /// Weights of a batch, and of the rows that are sorted for the area under the ROC curve.
  private long weightBytes() {
    boolean weighted = data.unencoded().weighted();
    long step = weighted || training().classWeights() != null ? largestBatch() : 0;
    return Double.BYTES * (step + (weighted ? 2 * rows.all() : 0));
  }

  /// Counts by actual and predicted class, and by weight: while rows are scored, and for each part
  /// as they are kept.
  long confusionBytes() {
    long classes =
        network().outputActivation() instanceof Activation.Softmax ? (long) outputs() : 2L;
    return 4 * Long.BYTES * classes * classes;
  }

  /// Of the layers in every epoch.
  long layerFigureBytes() {
    return training().layerStatistics()
        ? LAYER_FIGURE_BYTES * TrainingRules.watchedLayers(network()) * training().epochs()
        : 0;
  }

  /// Seconds of a fit on one thread of a usual machine, to compare fits by.
  double cost() {
    return new CostModel(MachineFigures.BUILT_IN, 1)
        .seconds(new CostModel.Work(this, rows.training(), rows.validation()));
  }

  /// Inputs that the first layer with weights multiplies for a row.
  int multipliedInputs() {
    return Network.multipliedInputs(network(), inputs(), outputs());
  }

  /// Columns that become inputs; 0 if the inputs are bare numbers.
  int columns() {
    return data instanceof TrainingData.Bare ? 0 : Math.max(1, inputs().features().size());
  }
}
