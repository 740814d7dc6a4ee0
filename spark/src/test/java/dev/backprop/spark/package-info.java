@NullMarked
package dev.backprop.spark;

import org.jspecify.annotations.NullMarked;
