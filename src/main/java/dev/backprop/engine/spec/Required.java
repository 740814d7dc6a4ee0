package dev.backprop.engine.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A request must give this component of a spec. (Numbers and truth values without a [Default] need
/// no such mark.) The description of the API reads it from here; the record checks it.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Required {}
