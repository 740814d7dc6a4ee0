/// Rows in, predictions out: encoder, network and decoder as one; and how good they are.
@NullMarked
package dev.backprop.engine.scoring;

import org.jspecify.annotations.NullMarked;
