package dev.backprop.platform.json;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Which values a component of an answer has, for the description of the API, if its Java type does
/// not tell.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Values {

  /// JSON types.
  String[] types() default "string";

  /// The texts that there are; empty if they are not counted.
  String[] names() default {};
}
