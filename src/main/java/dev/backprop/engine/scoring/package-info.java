/// Rows in, predictions out: encoder, network and decoder as one; how good, and why.
@NullMarked
package dev.backprop.engine.scoring;

import org.jspecify.annotations.NullMarked;
