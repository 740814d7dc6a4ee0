/// The pages that show trainings and models to a human; uses the public API only.
@NullMarked
package dev.backprop.service.dashboard;

import org.jspecify.annotations.NullMarked;
