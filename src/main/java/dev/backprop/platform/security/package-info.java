/// Who may call what, and how much.
@NullMarked
package dev.backprop.platform.security;

import org.jspecify.annotations.NullMarked;
