/// What the jar does instead of serving: backup, copy, keys.
@NullMarked
package dev.backprop.service.command;

import org.jspecify.annotations.NullMarked;
