package dev.backprop.engine.plan;

import dev.backprop.engine.linalg.Cut;
import dev.backprop.engine.nn.LayerShape;
import dev.backprop.engine.spec.OptimizerSpec;

/// What an epoch of one fit costs: its shapes times what the machine takes. Three products for each
/// layer and row, passes over what enters and leaves, the optimizer's passes over the parameters,
/// and a little for each step.
///
/// The numbers of passes are fitted to what `benchmarks/forecast` measures.
///
/// @param threads that share the work of a step
record CostModel(MachineFigures machine, int threads) {

  /// What begins and ends a fit: its first steps before they are compiled, evaluations, the way of
  /// the model into the database.
  static final double BEGIN = 0.3;

  /// A cell that an encoder learns from.
  private static final double FITTED_CELL = 1.5e-7;

  /// Forward, and twice back; those back take longer than the one that is measured.
  private static final double PRODUCTS = 4;

  /// Of an element in a layer, forward and back: its start as the bias, the activation, the sum of
  /// its derivative.
  private static final double DENSE_PASSES = 12;

  private static final double NORM_PASSES = 40;
  private static final double DROPOUT_PASSES = 25;
  private static final double OTHER_PASSES = 6;

  /// Of a number or a cosine: forward, and forward and back.
  private static final double COSINE_PASSES = 6;

  private static final double LEARNING_COSINE_PASSES = 20;

  /// A cell of a column that becomes inputs.
  private static final double CELL_PASSES = 100;

  /// Loss and its derivative; of what is held out, the figures.
  private static final double ANSWER_PASSES = 60;

  /// Parameters from which threads share the products of a shard.
  private static final int WIDE = 1 << 20;

  private static final double STEP = 1e-5;

  /// Threads that are woken.
  private static final double MEETING = 2e-5;

  /// What a further thread adds to the first one.
  private static final double FURTHER_THREAD = 0.8;

  /// Evaluations of loss and gradient along a line.
  private static final double EVALUATIONS = 1.3;

  /// Passes over the parameters for each of the differences that L-BFGS keeps.
  private static final double HISTORY_PASSES = 4;

  /// One fit.
  ///
  /// @param footprint whose layers, settings and columns it has
  /// @param training how many rows it learns from
  /// @param heldOut how many are scored after every epoch
  record Work(Footprint footprint, double training, double heldOut) {}

  double secondsPerEpoch(Work work) {
    Footprint footprint = work.footprint();
    double parameters = footprint.parameters();
    OptimizerSpec optimizer = footprint.training().optimizer();
    double passes = optimizer instanceof OptimizerSpec.Lbfgs ? EVALUATIONS : 1;
    double rows = row(footprint, true) * work.training() * passes;
    double scored = row(footprint, false) * work.heldOut();
    double batch = footprint.rowsAtOnce();
    double steps = optimizer.fullBatch() ? 1 : Math.ceil(work.training() / batch);
    int shards = Cut.shards((int) batch, footprint.network().networks(), footprint.parameters());
    double step = STEP + parameters * (machine.parameter() + (shards - 1) * machine.element());
    if (optimizer instanceof OptimizerSpec.Lbfgs lbfgs) {
      step += HISTORY_PASSES * lbfgs.history() * parameters * machine.element();
    }
    int sharing = Math.min(threads, shards > 1 || parameters < WIDE ? shards : threads);
    double speed = 1 + FURTHER_THREAD * (sharing - 1);
    return (rows + steps * step) / speed + scored + (sharing > 1 ? steps * MEETING : 0);
  }

  /// Seconds of a fit, with as many epochs as are expected.
  double seconds(Work work) {
    return begin(work) + ExpectedEpochs.of(work.footprint().training()) * secondsPerEpoch(work);
  }

  /// Seconds of a fit beside those of its epochs.
  double begin(Work work) {
    Footprint footprint = work.footprint();
    return BEGIN + FITTED_CELL * footprint.rows().all() * footprint.columns();
  }

  /// Seconds of a row, with all members.
  private double row(Footprint footprint, boolean learning) {
    double shared = footprint.inputs().width() * machine.element() * OTHER_PASSES;
    double each = 0;
    boolean first = true;
    for (LayerShape layer : footprint.shapes()) {
      double p = layer.inputs();
      double q = layer.units();
      switch (layer.type()) {
        case "dense" -> {
          double multiplied = first ? footprint.multipliedInputs() : p;
          each += product(multiplied, q, learning) + DENSE_PASSES * q * machine.element();
          first = false;
        }
        case "residual-end" ->
            each +=
                (layer.parameters() > 0 ? product(p, q, learning) : 0)
                    + OTHER_PASSES * q * machine.element();
        case "layer-norm", "batch-norm" -> each += NORM_PASSES * q * machine.element();
        case "dropout" -> each += learning ? DROPOUT_PASSES * q * machine.element() : 0;
        case LayerShape.PERIODIC ->
            shared += (learning ? LEARNING_COSINE_PASSES : COSINE_PASSES) * q * machine.element();
        case LayerShape.INPUT -> shared += OTHER_PASSES * q * machine.element();
        default -> each += OTHER_PASSES * q * machine.element();
      }
    }
    each += ANSWER_PASSES * footprint.outputs() * machine.element();
    shared += CELL_PASSES * footprint.columns() * machine.element();
    return shared + footprint.network().networks() * each;
  }

  private double product(double p, double q, boolean learning) {
    return (learning ? PRODUCTS : 1) * p * q * machine.product(p, q);
  }
}
