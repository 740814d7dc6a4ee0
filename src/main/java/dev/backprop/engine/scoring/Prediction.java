package dev.backprop.engine.scoring;

import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import java.util.List;

/// What a model answers for one row. Every number in it is finite. The lists belong to the model
/// and are shared by all its answers; the arrays belong to the answer.
@SuppressWarnings(
    "ArrayRecordComponent") // one answer a row: boxed lists would cost more than the network
public sealed interface Prediction {

  /// One of several classes.
  ///
  /// @param index the predicted class, an index into `classes`
  /// @param probabilities one for each class, together 1
  record ClassPrediction(List<Label> classes, int index, double[] probabilities)
      implements Prediction {

    public Label label() {
      return classes.get(index);
    }
  }

  /// One number or several, in the units of the training data.
  record NumberPrediction(List<String> names, double[] values) implements Prediction {}

  /// Several quantiles of one number, in the units of the training data. If the network's outputs
  /// cross they have been sorted, which takes them, all together, no further from the true
  /// quantiles (the rearrangement of Chernozhukov, Fernández-Val and Galichon 2010).
  ///
  /// @param taus as text
  /// @param values ascending, one for each tau
  /// @param middle which of them stands for the number
  record QuantilePrediction(List<String> taus, double[] values, int middle) implements Prediction {

    public double value() {
      return values[middle];
    }
  }

  /// Several yes-or-no answers; a label holds from a probability of 0.5 up.
  record MultiLabelPrediction(Target.MultiLabel target, double[] probabilities)
      implements Prediction {

    public List<String> names() {
      return target.names();
    }

    public boolean holds(int label) {
      return probabilities[label] >= 0.5;
    }

    /// The answer as the data would have it.
    public Label label(int label) {
      return target.classes().get(holds(label) ? 1 : 0);
    }
  }

  /// The network's bare outputs.
  record Outputs(double[] values) implements Prediction {}
}
