package dev.backprop.planted;

/// What [dev.backprop.SealedSwitchTest] must find.
public final class DefaultOverSealed {

  sealed interface Shape {}

  record Circle(double radius) implements Shape {}

  record Square(double side) implements Shape {}

  private DefaultOverSealed() {}

  static double area(Shape shape) {
    return switch (shape) {
      case Circle(double radius) -> Math.PI * radius * radius;
      default -> 0;
    };
  }

  static double exhaustive(Shape shape) {
    return switch (shape) {
      case Circle(double radius) -> Math.PI * radius * radius;
      case Square(double side) -> side * side;
    };
  }
}
