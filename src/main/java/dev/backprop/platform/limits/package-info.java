/// Bounded memory and compute: budgets and slots.
@NullMarked
package dev.backprop.platform.limits;

import org.jspecify.annotations.NullMarked;
