/// Turns a training request into a decided plan over a data set.
@NullMarked
package dev.backprop.service.intake;

import org.jspecify.annotations.NullMarked;
