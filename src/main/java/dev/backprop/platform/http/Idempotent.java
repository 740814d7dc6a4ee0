package dev.backprop.platform.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The method answers a POST that clients may send again with the same `Idempotency-Key`. They get
/// the first answer, which the method gives to [IdempotentAnswer].
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Idempotent {}
