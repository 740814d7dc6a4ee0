/// What people say of a thing that is kept: a description, and tags.
@NullMarked
package dev.backprop.platform.notes;

import org.jspecify.annotations.NullMarked;
