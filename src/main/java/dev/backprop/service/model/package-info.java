/// The repository of model versions, live in memory.
@NullMarked
package dev.backprop.service.model;

import org.jspecify.annotations.NullMarked;
