/// Tells in one answer what the service does now.
@NullMarked
package dev.backprop.service.status;

import org.jspecify.annotations.NullMarked;
