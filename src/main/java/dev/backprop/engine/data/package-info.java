/// Tables of typed columns, and their encoding as matrices.
@NullMarked
package dev.backprop.engine.data;

import org.jspecify.annotations.NullMarked;
