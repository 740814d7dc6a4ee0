/// Forward and backward pass of a feed-forward network.
@NullMarked
package dev.backprop.engine.nn;

import org.jspecify.annotations.NullMarked;
