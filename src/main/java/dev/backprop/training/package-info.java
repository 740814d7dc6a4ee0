/// The epoch loop and what it reports.
@NullMarked
package dev.backprop.training;

import org.jspecify.annotations.NullMarked;
