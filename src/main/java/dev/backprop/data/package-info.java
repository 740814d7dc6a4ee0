/// Tables of typed columns, and their encoding as matrices.
@NullMarked
package dev.backprop.data;

import org.jspecify.annotations.NullMarked;
