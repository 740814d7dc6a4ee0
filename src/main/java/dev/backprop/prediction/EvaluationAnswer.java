package dev.backprop.prediction;

import dev.backprop.scoring.Evaluation;

/// How good a version of a model is on the rows of a request.
record EvaluationAnswer(String model, int version, Evaluation metrics) {}
