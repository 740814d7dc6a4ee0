/// Why answers are as they are: which columns matter, and what each cell brought.
@NullMarked
package dev.backprop.engine.explain;

import org.jspecify.annotations.NullMarked;
