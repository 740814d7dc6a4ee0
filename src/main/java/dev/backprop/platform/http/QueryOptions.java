package dev.backprop.platform.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A record whose components are query parameters of the method that takes it. Each is a text, null
/// if it is not given, or a list of texts if it may be given again and again.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface QueryOptions {}
