package dev.backprop.model;

import dev.backprop.data.FeatureEncoder;
import dev.backprop.data.Schema;
import dev.backprop.data.TargetEncoder;
import dev.backprop.nn.InputLayout;
import dev.backprop.scoring.Baseline;
import org.jspecify.annotations.Nullable;

/// A version of a model as its document describes it, whose parts fit together: all but the
/// parameters.
///
/// @param schema null where the model takes bare numbers, as `features` is
/// @param values how many parameters and running statistics there are
/// @param modelBytes what the version takes from a repository's budget
record Artifact(
    ArtifactDocument document,
    @Nullable Schema schema,
    @Nullable FeatureEncoder features,
    InputLayout inputs,
    TargetEncoder targetEncoder,
    Baseline baseline,
    long values,
    long modelBytes) {}
