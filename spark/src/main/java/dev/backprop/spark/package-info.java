/// Scores and trains tables of Apache Spark with the engine.
@NullMarked
package dev.backprop.spark;

import org.jspecify.annotations.NullMarked;
