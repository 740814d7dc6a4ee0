package dev.backprop.spark.training;

import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TableExamples;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.plan.Learned;
import dev.backprop.engine.plan.RowCounts;
import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.scoring.Baseline;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.SpecCopy;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.Ending;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.artifact.ArtifactCodec;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.artifact.ModelDocument;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.Provenance;
import dev.backprop.platform.artifact.SpecView;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What is decided of a training before its first round, by a sample of the rows and by what all
/// shards know.
///
/// @param decision of what columns are for
/// @param sample rows of the schema, as they enter the network
/// @param training the rows of the sample that train
/// @param heldOut those that are held out to find the best round
/// @param fit resolved
@SuppressWarnings("ArrayRecordComponent") // rows of a sample; never compared
record SpreadPlan(
    SchemaDecision decision, TrainingData.Rows sample, int[] training, int[] heldOut, FitSpec fit) {

  static SpreadPlan of(ShardedData data, TrainSpec spec, SchemaDecision decision) {
    Schema schema = decision.schema();
    Table table = data.sample(schema);
    FitSpec asked =
        new FitSpec(
            spec.fit().encoding(),
            spec.fit().network(),
            SpecCopy.of(spec.fit().training())
                .with("validationFraction", ShardedData.parting(spec.fit()).validation())
                .spec());
    TrainingData.Rows rows = new TrainingData.Rows(table, schema);
    FitSpec fit = TrainingPlan.of(rows, null, asked).spec();
    TrainingData.Rows entering = (TrainingData.Rows) rows.entering(fit);
    int[] labelled = rows.unencoded().labelled();
    return new SpreadPlan(
        decision,
        entering,
        data.sampled(RowParts.TRAINING, labelled),
        data.sampled(RowParts.VALIDATION, labelled),
        fit);
  }

  /// The same with another spec, which differs in what no encoder depends on.
  SpreadPlan with(FitSpec other) {
    return new SpreadPlan(decision, sample, training, heldOut, other);
  }

  /// With what is embedded.
  Schema schema() {
    return sample.schema();
  }

  NetworkSpec network() {
    return sample.network(fit);
  }

  Target target() {
    return sample.target(network());
  }

  /// Encoders of the sample, for those who have to know the schema before there are others.
  ModelDraft preliminary(Kernels kernels) {
    TargetEncoder targets =
        network().resolvedLoss().standardizesTargets()
            ? TargetEncoder.fit(target(), sample.table(), training, sample.encoding().transform())
            : TargetEncoder.asGiven(target());
    return draft(
        FeatureEncoder.fit(sample.table(), schema().features(), sample.encoding(), training),
        targets,
        kernels);
  }

  /// Encoders of all rows that train.
  ///
  /// @param shards in their order
  ModelDraft encoders(List<ShardStatistics> shards, Kernels kernels) {
    return draft(
        ShardStatistics.features(shards, schema(), sample.encoding()),
        ShardStatistics.targets(
            shards, target(), sample.encoding(), network().resolvedLoss().standardizesTargets()),
        kernels);
  }

  /// A model before the first round.
  private ModelDraft draft(FeatureEncoder features, TargetEncoder targets, Kernels kernels) {
    Network drawn =
        Network.initialize(
            network(),
            sample.inputs(),
            target().outputs(),
            features.silentInputs(),
            fit.training().seed(),
            kernels);
    Baseline baseline =
        Baseline.of(
            new TableExamples(sample.table(), features, targets, schema().weight()), training);
    return draft(
        new Predictor(features, new Scorer(drawn, targets, baseline)),
        new Learned(
            Map.of(),
            null,
            null,
            null,
            null,
            null,
            List.of(new EpochReport(1, 0, null, null, null, null, null, null, 0, 0)),
            1,
            Ending.COMPLETE,
            List.of()),
        new Provenance(
            new Engine("none", "none", "none", "none", "none"),
            fit.training().seed(),
            ShardedData.sha256(""),
            new RowCounts(1, 0, 0),
            null,
            "none",
            Instant.EPOCH,
            Instant.EPOCH,
            null,
            null));
  }

  ModelDraft draft(Predictor predictor, Learned learned, Provenance provenance) {
    return new ModelDraft(
        predictor,
        SpecView.of(fit, null),
        decision.schema(),
        decision.inferred(),
        learned,
        provenance);
  }

  /// The document of a model, for the tasks.
  static byte[] document(ModelDraft draft, ArtifactCodec codec) {
    return codec.document(draft, new ModelDocument.Origin("m", 1, Instant.EPOCH));
  }
}
