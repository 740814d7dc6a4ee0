package dev.backprop;

/// A body that is refused, and what is said then.
///
/// @param pointer of the first error; empty for the whole body
/// @param detail a part of it
public record Refusal(String body, int status, String code, String pointer, String detail) {

  public static Refusal of(String body, int status, String code) {
    return new Refusal(body, status, code, "", "");
  }

  /// @param place of the first error
  public Refusal at(String place) {
    return new Refusal(body, status, code, place, detail);
  }

  public Refusal saying(String part) {
    return new Refusal(body, status, code, pointer, part);
  }
}
