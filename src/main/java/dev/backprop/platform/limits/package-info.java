/// Bounded memory and compute: budgets, slots, one cache.
@NullMarked
package dev.backprop.platform.limits;

import org.jspecify.annotations.NullMarked;
