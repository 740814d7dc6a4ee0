/// Counts what a model is asked, beside what it was trained on.
@NullMarked
package dev.backprop.service.monitoring;

import org.jspecify.annotations.NullMarked;
