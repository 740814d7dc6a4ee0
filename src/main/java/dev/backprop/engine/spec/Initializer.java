package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// How weights or biases start. Fan-in is the number of inputs of a layer, fan-out its number of
/// units; biases take the fans of their layer.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Initializer.GlorotUniform.class, name = "glorot-uniform"),
  @JsonSubTypes.Type(value = Initializer.GlorotNormal.class, name = "glorot-normal"),
  @JsonSubTypes.Type(value = Initializer.HeUniform.class, name = "he-uniform"),
  @JsonSubTypes.Type(value = Initializer.HeNormal.class, name = "he-normal"),
  @JsonSubTypes.Type(value = Initializer.LecunNormal.class, name = "lecun-normal"),
  @JsonSubTypes.Type(value = Initializer.UnitNormal.class, name = "unit-normal"),
  @JsonSubTypes.Type(value = Initializer.ScaledNormal.class, name = "scaled-normal"),
  @JsonSubTypes.Type(value = Initializer.Zeros.class, name = "zeros"),
})
public sealed interface Initializer {

  /// U(-r, r), r = √(6 / (fan-in + fan-out)) (Glorot and Bengio 2010).
  record GlorotUniform() implements Initializer {}

  /// N(0, 2 / (fan-in + fan-out)) (Glorot and Bengio 2010).
  record GlorotNormal() implements Initializer {}

  /// U(-r, r), r = √(6 / fan-in) (He et al. 2015).
  record HeUniform() implements Initializer {}

  /// N(0, 2 / fan-in) (He et al. 2015).
  record HeNormal() implements Initializer {}

  /// N(0, 1 / fan-in) (LeCun et al. 1998).
  record LecunNormal() implements Initializer {}

  /// N(0, 1) (Nielsen, chapter 1).
  record UnitNormal() implements Initializer {}

  /// N(0, 1) divided by √fan-in (Nielsen, chapter 3); the distribution of [LecunNormal] under the
  /// name of that book.
  record ScaledNormal() implements Initializer {}

  /// 0.
  record Zeros() implements Initializer {}
}
