/// Finds out who sends a request, and whether that one may.
@NullMarked
package dev.backprop.platform.security;

import org.jspecify.annotations.NullMarked;
