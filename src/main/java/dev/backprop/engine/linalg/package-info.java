/// Dense float matrices and the kernels that compute on them.
@NullMarked
package dev.backprop.engine.linalg;

import org.jspecify.annotations.NullMarked;
