/// What every endpoint uses: strict JSON and the specs' binding, problems, pages, limits.
@NullMarked
package dev.backprop.http;

import org.jspecify.annotations.NullMarked;
