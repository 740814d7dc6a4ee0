/// The keys of the API: made, rotated and revoked, and known in every process.
@NullMarked
package dev.backprop.platform.keys;

import org.jspecify.annotations.NullMarked;
