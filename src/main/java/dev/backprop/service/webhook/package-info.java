/// Calls back whoever wants to hear that a training has ended.
@NullMarked
package dev.backprop.service.webhook;

import org.jspecify.annotations.NullMarked;
