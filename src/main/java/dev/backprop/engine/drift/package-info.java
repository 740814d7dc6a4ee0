/// What rows and answers were like in training, and whether those of today are.
@NullMarked
package dev.backprop.engine.drift;

import org.jspecify.annotations.NullMarked;
