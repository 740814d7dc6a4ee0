package dev.backprop.engine.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a component of a spec is if a request leaves it out: a number, a truth value, or the name
/// of a type with its own defaults. It is said here once: creators read it, and so does the
/// description of the API.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
  String value();
}
