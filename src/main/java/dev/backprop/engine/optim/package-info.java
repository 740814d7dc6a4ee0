/// Turns gradients into parameter updates.
@NullMarked
package dev.backprop.engine.optim;

import org.jspecify.annotations.NullMarked;
