package dev.backprop.engine.spec;

/// A specification that is well-formed but impossible.
///
/// The pointer is a JSON pointer (RFC 6901) relative to the object that was being built, such as
/// `/units`. Whoever reads the enclosing document puts the way to that object in front of it.
public final class InvalidSpecException extends IllegalArgumentException {

  private final String pointer;
  private final String detail;

  public InvalidSpecException(String pointer, String detail) {
    super(pointer + ": " + detail);
    this.pointer = pointer;
    this.detail = detail;
  }

  /// A name as a part of a pointer.
  public static String part(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  public String pointer() {
    return pointer;
  }

  /// What must hold and what was given, such as "must be at least 1, was 0".
  public String detail() {
    return detail;
  }

  /// The same fault seen from the enclosing object.
  public InvalidSpecException under(String prefix) {
    return new InvalidSpecException(prefix + pointer, detail);
  }
}
