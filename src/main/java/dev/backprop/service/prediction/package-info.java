/// Answers prediction requests from a live model.
@NullMarked
package dev.backprop.service.prediction;

import org.jspecify.annotations.NullMarked;
