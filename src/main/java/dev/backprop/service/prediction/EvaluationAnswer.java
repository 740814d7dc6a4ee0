package dev.backprop.service.prediction;

import dev.backprop.engine.scoring.Evaluation;

/// How good a version of a model is on the rows of a request.
record EvaluationAnswer(String model, int version, Evaluation metrics) {}
