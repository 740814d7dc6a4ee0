/// What to build and how to train it, as immutable data; also the wire format.
@NullMarked
package dev.backprop.engine.spec;

import org.jspecify.annotations.NullMarked;
