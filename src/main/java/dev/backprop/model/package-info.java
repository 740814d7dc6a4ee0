/// Keeps trained models, their versions and their provenance.
@NullMarked
package dev.backprop.model;

import org.jspecify.annotations.NullMarked;
