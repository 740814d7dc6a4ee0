package dev.backprop.platform.artifact;

import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.nn.InputLayout;
import dev.backprop.engine.plan.Insights;
import dev.backprop.engine.scoring.Baseline;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.table.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A version of a model as its document describes it, whose parts fit together: all but the
/// parameters.
///
/// @param schema null if the model takes bare numbers, as `features` is
/// @param members each network with its encoders; of one network those of the model
/// @param insights null if the document has none
/// @param values how many parameters and running statistics there are, of all networks
/// @param modelBytes what the version takes from a repository's budget
public record Artifact(
    ModelDocument document,
    @Nullable Schema schema,
    @Nullable FeatureEncoder features,
    InputLayout inputs,
    TargetEncoder targetEncoder,
    Baseline baseline,
    List<Encoders> members,
    @Nullable Insights insights,
    long values,
    long modelBytes) {

  /// A network with its encoders.
  ///
  /// @param network the one that answers, which also embeds what its encoding says
  /// @param features null if it takes bare numbers
  /// @param weight how often it counts in the mean
  public record Encoders(
      NetworkSpec network,
      InputLayout inputs,
      @Nullable FeatureEncoder features,
      TargetEncoder target,
      int weight) {}
}
