package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How rows that are not independent of each other are parted into those that train, validate and
/// test: `{"group": "customer"}` or `{"order": "sold"}`. Without it every row is drawn by itself.
public sealed interface SplitSpec {

  /// The column that decides. It is no feature unless the request types it.
  String column();

  /// Rows that have the same value stay together.
  ///
  /// @param group the column, such as one of customers
  record Group(String group) implements SplitSpec {

    @Override
    public String column() {
      return group;
    }
  }

  /// The latest rows test, those just before them validate; rows that have the same value stay
  /// together.
  ///
  /// @param order the column, such as one of days; numbers come by value, texts by code point
  record Order(String order) implements SplitSpec {

    @Override
    public String column() {
      return order;
    }
  }

  @JsonCreator
  static SplitSpec of(@Nullable String group, @Nullable String order) {
    if (group != null && order == null) {
      return new Group(group);
    }
    if (order != null && group == null) {
      return new Order(order);
    }
    throw new InvalidSpecException(
        "",
        "must have exactly 1 of group and order, has "
            + Stream.of(group, order).flatMap(Stream::ofNullable).count());
  }

  /// The setting that names the column, `group` or `order`.
  default String setting() {
    return switch (this) {
      case Group _ -> "group";
      case Order _ -> "order";
    };
  }

  /// What a distinct value of the column is called.
  default String unit() {
    return switch (this) {
      case Group _ -> "groups";
      case Order _ -> "distinct values";
    };
  }
}
