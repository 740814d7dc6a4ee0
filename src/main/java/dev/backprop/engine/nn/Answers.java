package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Matrix;

/// What a loss looks at, and whoever scores: answers to the examples of a batch, and their targets.
///
/// @param logits (kn x q)
/// @param outputs (kn x q)
/// @param y (kn x q)
/// @param members k, whose n rows follow each other; 1 for one network and for the mean of several
public record Answers(Matrix logits, Matrix outputs, Matrix y, int members) {}
