/// Accepts, describes and keeps tables.
@NullMarked
package dev.backprop.service.dataset;

import org.jspecify.annotations.NullMarked;
