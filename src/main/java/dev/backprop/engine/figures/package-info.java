/// Figures of how good answers are and how sure these are: calibration, sets, intervals.
@NullMarked
package dev.backprop.engine.figures;

import org.jspecify.annotations.NullMarked;
