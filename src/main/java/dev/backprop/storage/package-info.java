/// The database under the repositories: connections, faults and large values in chunks.
@NullMarked
package dev.backprop.storage;

import org.jspecify.annotations.NullMarked;
