/// Tables of typed columns: what a cell means, and how tables are read and stored.
@NullMarked
package dev.backprop.engine.table;

import org.jspecify.annotations.NullMarked;
