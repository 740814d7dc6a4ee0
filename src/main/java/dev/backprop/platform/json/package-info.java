/// The strict JSON mapper, and the words of tokens and enums; knows no Spring.
@NullMarked
package dev.backprop.platform.json;

import org.jspecify.annotations.NullMarked;
