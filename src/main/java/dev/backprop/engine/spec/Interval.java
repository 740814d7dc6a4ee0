package dev.backprop.engine.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// In which interval the number of a spec's component must lie: `[0, 1)` is from 0 to below 1, `∞`
/// stands for no bound. The description of the API reads it from here; the record checks it.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Interval {
  String value();
}
