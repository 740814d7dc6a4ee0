/// Reads Parquet files into tables: a small, strict reader of flat columns.
@NullMarked
package dev.backprop.platform.parquet;

import org.jspecify.annotations.NullMarked;
