/// Trains a network on rows that are spread over the tasks of Spark.
@NullMarked
package dev.backprop.spark.training;

import org.jspecify.annotations.NullMarked;
