package dev.backprop.platform.http;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// One page of a list: as many items as were asked for, or fewer, at least one, if so many would be
/// too long for one answer.
///
/// @param nextCursor what to give as `cursor` for the next page, null on the last one
public record Page<T>(List<T> items, @Nullable String nextCursor) {

  public static final int DEFAULT_LIMIT = 50;
  public static final int MAX_LIMIT = 500;

  /// Of the items of a page together, as they are read or held.
  static final long MAX_BYTES = 1 << 20;

  public Page {
    items = List.copyOf(items);
  }

  /// The page of the first `limit` of these items.
  ///
  /// @param upToOneMore items from the cursor on, at most limit + 1 of them are looked at
  /// @param key what tells an item's place in the order; the last item's becomes the cursor
  public static <T> Page<T> of(Iterable<T> upToOneMore, int limit, Function<T, String> key) {
    List<T> items = new ArrayList<>();
    for (T item : upToOneMore) {
      if (items.size() == limit) {
        return new Page<>(items, encode(key.apply(items.getLast())));
      }
      items.add(item);
    }
    return new Page<>(items, null);
  }

  /// The page of the first items that are neither more than `limit` nor too long together.
  ///
  /// @param bytes about what an item takes
  public static <T> Page<T> of(
      Iterable<T> upToOneMore, int limit, Function<T, String> key, ToLongFunction<T> bytes) {
    List<T> items = new ArrayList<>();
    List<Long> sizes = new ArrayList<>();
    for (T item : upToOneMore) {
      items.add(item);
      sizes.add(bytes.applyAsLong(item));
    }
    return of(items, fitting(sizes, limit), key);
  }

  /// How many of the first items make a page.
  ///
  /// @param sizes of the items, in bytes
  /// @return at least 1
  public static int fitting(List<Long> sizes, int limit) {
    long bytes = 0;
    int items = 0;
    while (items < Math.min(limit, sizes.size())) {
      bytes += sizes.get(items);
      if (bytes > MAX_BYTES) {
        break;
      }
      items++;
    }
    return Math.max(1, items);
  }

  /// The same page of other items.
  public <R> Page<R> map(Function<T, R> mapping) {
    return new Page<>(items.stream().map(mapping).toList(), nextCursor);
  }

  /// The limit that holds: 50 if none is given.
  ///
  /// @throws ProblemException `invalid-parameter` unless 1 … 500
  public static int limit(@Nullable Integer given) {
    if (given == null) {
      return DEFAULT_LIMIT;
    }
    if (given < 1 || given > MAX_LIMIT) {
      throw new ProblemException(
          ProblemCode.INVALID_PARAMETER,
          "limit: must be from 1 to %d, was %d".formatted(MAX_LIMIT, given));
    }
    return given;
  }

  /// The key that a cursor holds, null if none is given: the page starts after that item.
  ///
  /// @throws ProblemException `invalid-cursor` for text that is no cursor
  public static @Nullable String after(@Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(cursor);
      if (bytes.length > 0) {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      }
    } catch (IllegalArgumentException | CharacterCodingException _) {
      // Told below, like an empty one.
    }
    throw invalidCursor();
  }

  /// As [#after], in a list whose keys are numbers, the highest first.
  ///
  /// @return above every key if no cursor is given: the page starts below it
  public static long afterNumber(@Nullable String cursor) {
    String key = after(cursor);
    try {
      return key == null ? Long.MAX_VALUE : Long.parseLong(key);
    } catch (NumberFormatException _) {
      throw invalidCursor();
    }
  }

  /// For a cursor whose key means nothing to the list.
  public static ProblemException invalidCursor() {
    return new ProblemException(
        ProblemCode.INVALID_CURSOR, "cursor: must be a nextCursor that this list answered");
  }

  private static String encode(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }
}
