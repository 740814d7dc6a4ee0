/// Runs, cancels and survives trainings.
@NullMarked
package dev.backprop.service.job;

import org.jspecify.annotations.NullMarked;
