/// Rows as the matrices that a network learns from, and which of them train.
@NullMarked
package dev.backprop.engine.data;

import org.jspecify.annotations.NullMarked;
