/// Who calls, and what that one may do and have.
@NullMarked
package dev.backprop.platform.caller;

import org.jspecify.annotations.NullMarked;
