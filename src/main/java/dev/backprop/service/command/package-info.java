/// What the jar does instead of serving: backup, copy.
@NullMarked
package dev.backprop.service.command;

import org.jspecify.annotations.NullMarked;
