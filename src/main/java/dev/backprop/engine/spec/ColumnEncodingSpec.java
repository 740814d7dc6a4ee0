package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// How the cells of one column enter a network.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = NumberEncodingSpec.Standardize.class, name = "standardize"),
  @JsonSubTypes.Type(value = NumberEncodingSpec.Robust.class, name = "robust"),
  @JsonSubTypes.Type(value = NumberEncodingSpec.PiecewiseLinear.class, name = "piecewise-linear"),
  @JsonSubTypes.Type(value = NumberEncodingSpec.QuantileNormal.class, name = "quantile-normal"),
  @JsonSubTypes.Type(value = NumberEncodingSpec.Periodic.class, name = "periodic"),
  @JsonSubTypes.Type(value = CategoryEncodingSpec.OneHot.class, name = "one-hot"),
  @JsonSubTypes.Type(value = CategoryEncodingSpec.Embedding.class, name = "embedding"),
})
public sealed interface ColumnEncodingSpec permits NumberEncodingSpec, CategoryEncodingSpec {}
