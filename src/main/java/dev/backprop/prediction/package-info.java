/// Answers prediction requests from a live model.
@NullMarked
package dev.backprop.prediction;

import org.jspecify.annotations.NullMarked;
