package dev.backprop.platform.parquet;

/// What the values of a column are.
sealed interface Meaning {

  /// Integers and numbers with a fraction.
  ///
  /// @param unsigned whether an integer has no sign
  /// @param scale by which power of ten an integer is divided
  record Numeric(boolean unsigned, int scale) implements Meaning {}

  record Truth() implements Meaning {}

  record Text() implements Meaning {}

  /// Sixteen bytes.
  record Uuid() implements Meaning {}

  /// Days from 1970-01-01.
  record Day() implements Meaning {}

  /// Parts of a second from 1970-01-01T00:00.
  ///
  /// @param perSecond 1000, a million or a milliard
  /// @param utc whether it is a moment, and not the reading of some clock
  record Moment(long perSecond, boolean utc) implements Meaning {}

  /// Parts of a second from midnight.
  record TimeOfDay(long perSecond) implements Meaning {}
}
