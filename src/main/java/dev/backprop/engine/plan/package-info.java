/// What to fit: presets, folds, members, checks, estimates, checkpoints.
@NullMarked
package dev.backprop.engine.plan;

import org.jspecify.annotations.NullMarked;
