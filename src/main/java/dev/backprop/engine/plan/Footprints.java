package dev.backprop.engine.plan;

import dev.backprop.engine.figures.Sample;
import dev.backprop.engine.scoring.CandidateAnswers;
import dev.backprop.engine.scoring.CertaintyRows;
import dev.backprop.engine.scoring.Selection;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import java.util.List;
import java.util.function.ToLongFunction;

/// What all fits of a training will take together.
///
/// @param spec resolved
/// @param fits of each candidate; one unless there is an ensemble
record Footprints(FitSpec spec, List<Footprint> fits) {

  /// A score, a class and a weight; and what ranks them.
  private static final long RANKED_ROW_BYTES = 32;

  private static final long SAMPLED_ROW_BYTES = 48;

  /// What the first candidate takes.
  Footprint lead() {
    return fits.getFirst();
  }

  Procedure procedure() {
    return Procedure.of(spec);
  }

  private long most(ToLongFunction<Footprint> of) {
    return fits.stream().mapToLong(of).max().orElseThrow();
  }

  /// Over all networks that are kept until the end.
  private long overKept(ToLongFunction<Footprint> of) {
    return fits.stream().mapToLong(of).sum() * (procedure().keptNetworks() / fits.size());
  }

  /// Networks that wait for others, with their histories: all but the one that is counted as a fit.
  private long waitingBytes() {
    return overKept(Footprint::keptBytes) - lead().keptBytes();
  }

  /// Heap that the run will hold beside its data.
  ///
  /// @param threads of the team
  long runBytes(int threads) {
    return (most(Footprint::fitBytes) + selectingBytes()) * procedure().atOnce(threads)
        + procedure().rowBytes(lead().rows().training())
        + waitingBytes()
        + answerBytes()
        + judgedBytes();
  }

  /// What is kept of rows to find out how sure the model is, and how good: of each part in turn.
  private long judgedBytes() {
    RowCounts rows = lead().rows();
    long heldOut = procedure().validationRows(rows.validation(), rows.training());
    Target target = lead().data().target();
    long classes = target instanceof Target.Classes(_, List<Label> of) ? of.size() : 0;
    long certainty =
        lead().training().calibration()
            ? CertaintyRows.bytes(classes, target.outputs(), heldOut)
                + CertaintyRows.bytes(classes, target.outputs(), rows.calibrating())
            : 0;
    return certainty
        + toldBytes(target, Math.max(Math.max(heldOut, rows.calibrating()), rows.test()));
  }

  /// What is kept of so many rows to tell figures in full.
  private static long toldBytes(Target target, long rows) {
    int width = (int) Math.min(Integer.MAX_VALUE, Math.max(1, target.outputs()));
    long kept = Sample.kept((int) Math.min(Integer.MAX_VALUE, rows), width);
    return RANKED_ROW_BYTES * rows + kept * (SAMPLED_ROW_BYTES + 24L * width);
  }

  /// The same after each epoch, if the figure that selects is one of those.
  private long selectingBytes() {
    RowCounts rows = lead().rows();
    Target target = lead().data().target();
    return Selection.judgingOf(lead().training(), target) == null
        ? 0
        : toldBytes(target, procedure().validationRows(rows.validation(), rows.training()));
  }

  /// What the candidates of an ensemble answer to the rows that they have not learned from.
  private long answerBytes() {
    if (procedure().members() == 0) {
      return 0;
    }
    RowCounts rows = lead().rows();
    return CandidateAnswers.bytes(
        fits.size(),
        procedure().validationRows(rows.validation(), rows.training()),
        lead().network().outputActivation() instanceof Activation.Softmax ? 1 : lead().outputs());
  }

  /// Heap that a checkpoint holds at most, beside that of the run.
  ///
  /// @param threads of the team
  long checkpointBytes(int threads) {
    return procedure().atOnce(threads) * most(Footprint::snapshotBytes)
        + procedure().checkpointBytes(lead().outputs())
        + waitingBytes();
  }

  Checkpoint.Bounds checkpointBounds(Fingerprint fingerprint) {
    return new Checkpoint.Bounds(
        fingerprint,
        procedure().tasks(),
        procedure().members(),
        Math.max(2, lead().outputs()), // both classes of one output
        (int) most(fit -> fit.training().epochs()),
        most(Footprint::snapshotFloats),
        procedure().keptNetworks() > 1 ? fits.stream().map(Footprint::values).toList() : List.of());
  }

  /// Heap that the trained model will hold. It keeps parameters and statistics, the codes and names
  /// of its columns, and its history. It also keeps the figures of its folds, and those of its
  /// classes or outputs over all folds.
  long modelBytes() {
    long values = overKept(Footprint::values);
    long schemas = overKept(fit -> fit.data().schemaBytes());
    long epochs = overKept(fit -> fit.training().epochs());
    return TrainingPlan.modelBytes(values, schemas, (int) Math.min(Integer.MAX_VALUE, epochs))
        + lead().confusionBytes()
        + overKept(Footprint::layerFigureBytes)
        + (lead().data() instanceof TrainingData.Rows rows ? Insights.bytes(rows.schema()) : 0)
        + procedure().figureBytes(lead().outputs());
  }
}
