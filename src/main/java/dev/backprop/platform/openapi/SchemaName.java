package dev.backprop.platform.openapi;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/// What the schema of a type is called: a resource and a view as what they show, a type inside
/// another one by both names, a page by what it lists.
final class SchemaName {

  private SchemaName() {}

  static String of(Type type) {
    if (type instanceof ParameterizedType generic) {
      return of(generic.getActualTypeArguments()[0])
          + ((Class<?>) generic.getRawType()).getSimpleName();
    }
    Class<?> named = (Class<?>) type;
    String own = named.getSimpleName();
    if (named.isSealed()) {
      own = without(own, "Spec");
    }
    own = without(without(own, "Resource"), "View");
    Class<?> outer = named.getEnclosingClass();
    return outer == null ? own : without(of(outer), "Spec") + own;
  }

  private static String without(String name, String end) {
    return name.length() > end.length() && name.endsWith(end)
        ? name.substring(0, name.length() - end.length())
        : name;
  }
}
