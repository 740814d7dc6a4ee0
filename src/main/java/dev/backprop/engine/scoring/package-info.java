/// Rows in, predictions out: encoder, network and decoder as one; and how good.
@NullMarked
package dev.backprop.engine.scoring;

import org.jspecify.annotations.NullMarked;
