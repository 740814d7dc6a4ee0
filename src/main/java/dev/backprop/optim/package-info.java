/// Turns gradients into parameter updates.
@NullMarked
package dev.backprop.optim;

import org.jspecify.annotations.NullMarked;
