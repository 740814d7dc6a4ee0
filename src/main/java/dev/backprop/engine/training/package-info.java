/// One fit: the epoch loop and what it reports.
@NullMarked
package dev.backprop.engine.training;

import org.jspecify.annotations.NullMarked;
