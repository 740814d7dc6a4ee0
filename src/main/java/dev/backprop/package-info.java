/// The wiring of the service.
@NullMarked
package dev.backprop;

import org.jspecify.annotations.NullMarked;
