/// What can go wrong, as a code, and what is said of it.
@NullMarked
package dev.backprop.platform.problem;

import org.jspecify.annotations.NullMarked;
