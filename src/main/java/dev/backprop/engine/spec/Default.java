package dev.backprop.engine.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The value of a spec's component if a request leaves it out: a number, a truth value, or the name
/// of a type with its own defaults. It is said once: both [Defaults] and the description of the API
/// read it from here.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
  String value();
}
