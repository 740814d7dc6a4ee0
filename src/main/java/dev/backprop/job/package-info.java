/// Accepts, runs, cancels and survives training jobs.
@NullMarked
package dev.backprop.job;

import org.jspecify.annotations.NullMarked;
