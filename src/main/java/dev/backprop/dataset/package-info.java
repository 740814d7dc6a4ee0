/// Accepts, describes and keeps uploaded tables.
@NullMarked
package dev.backprop.dataset;

import org.jspecify.annotations.NullMarked;
