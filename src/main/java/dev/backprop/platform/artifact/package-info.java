/// A model version as one document and one array, on disk and on the wire.
@NullMarked
package dev.backprop.platform.artifact;

import org.jspecify.annotations.NullMarked;
