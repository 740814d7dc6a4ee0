/// The database: connections, faults, large values in chunks.
@NullMarked
package dev.backprop.platform.storage;

import org.jspecify.annotations.NullMarked;
