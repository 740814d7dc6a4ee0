package dev.backprop.platform.parquet;

import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.TextBlock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes texts, and truth values of their texts.
final class TextSink implements CellSink {

  private final FileColumn of;
  private final Physical physical;
  private final Meaning meaning;
  private final TableBuilder table;
  private final int column;
  private final Scratch scratch;
  private final long[] longs;
  private final int[] places;
  private final int[] ends;
  private final Utf8 texts;
  private final TextBlock truths = TextBlock.of("falsetrue".toCharArray(), new int[] {5, 9});

  private @Nullable TextBlock dictionary;
  private long dictionaryBytes;
  private boolean isNamed;
  private @Nullable Longs integers;
  private @Nullable Slices slices;

  TextSink(FileColumn of, TableBuilder table, int column, Scratch scratch) {
    this.of = of;
    this.physical = Objects.requireNonNull(of.physical());
    this.meaning = Objects.requireNonNull(of.meaning());
    this.table = table;
    this.column = column;
    this.scratch = scratch;
    this.longs = scratch.longs;
    this.places = scratch.places;
    this.ends = scratch.ends;
    this.texts = scratch.chars;
  }

  @Override
  public void dictionary(PageBytes page, int size) {
    dictionaryBytes = TextBlock.bytes(page.end() - page.from(), size);
    table.holds(dictionaryBytes);
    Utf8 all = new Utf8();
    int[] entries = new int[size];
    begin(Encoding.PLAIN, page);
    for (int i = 0; i < size; i++) {
      next(all);
      entries[i] = all.size();
    }
    dictionary = TextBlock.of(all.chars(), entries);
  }

  @Override
  public int dictionarySize() {
    return Objects.requireNonNull(dictionary).size();
  }

  @Override
  public void begin(Encoding encoding, PageBytes page) {
    if (physical == Physical.BOOLEAN || meaning instanceof Meaning.TimeOfDay) {
      integers = Longs.of(encoding, physical, page);
    } else {
      slices = Slices.of(encoding, of.length(), page);
    }
  }

  @Override
  public void values(int n) {
    isNamed = meaning instanceof Meaning.Truth;
    if (isNamed) {
      Objects.requireNonNull(integers).read(longs, n);
      for (int i = 0; i < n; i++) {
        places[i] = (int) longs[i];
      }
      return;
    }
    texts.clear();
    for (int i = 0; i < n; i++) {
      next(texts);
      ends[i] = texts.size();
    }
  }

  /// Appends the next value.
  private void next(Utf8 to) {
    if (meaning instanceof Meaning.TimeOfDay(long perSecond)) {
      Objects.requireNonNull(integers).read(longs, 1);
      ascii(timeOfDay(longs[0], perSecond), to);
      return;
    }
    Slices from = Objects.requireNonNull(slices);
    from.next();
    if (meaning instanceof Meaning.Uuid) {
      ByteBuffer bytes = ByteBuffer.wrap(from.array, from.start, from.length);
      ascii(new UUID(bytes.getLong(), bytes.getLong()).toString(), to);
    } else {
      to.add(from.array, from.start, from.length);
    }
  }

  private static String timeOfDay(long value, long perSecond) {
    long most = perSecond * 86_400;
    if (value < 0 || value >= most) {
      throw Faults.damaged(
          "has a time of day of %d, must have one from 0 to below %d".formatted(value, most));
    }
    return DateTimeFormatter.ISO_LOCAL_TIME.format(
        LocalTime.ofNanoOfDay(value * (1_000_000_000 / perSecond)));
  }

  private static void ascii(String text, Utf8 to) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    to.add(bytes, 0, bytes.length);
  }

  @Override
  public void named(int[] some, int n) {
    isNamed = true;
    System.arraycopy(some, 0, places, 0, n);
  }

  @Override
  public void give(int @Nullable [] levels, int rows, int given) {
    if (isNamed) {
      if (levels != null) {
        spread(levels, rows, given);
      }
      TextBlock block =
          meaning instanceof Meaning.Truth ? truths : Objects.requireNonNull(dictionary);
      if (!Scratch.isShort(block.longest())) {
        count(block, rows);
      }
      table.texts(column, block, places, rows);
      return;
    }
    int from = 0;
    for (int row = 0, i = 0; row < rows; row++) {
      if (levels != null && levels[row] == 0) {
        table.missing(column, 1);
      } else {
        table.next(column, texts.chars(), from, ends[i] - from);
        from = ends[i++];
      }
    }
  }

  private void count(TextBlock block, int rows) {
    for (int row = 0; row < rows; row++) {
      scratch.count(places[row] < 0 ? 0 : block.length(places[row]));
    }
  }

  private void spread(int[] levels, int rows, int given) {
    int from = given;
    for (int row = rows - 1; row >= 0; row--) {
      places[row] = levels[row] == 1 ? places[--from] : -1;
    }
  }

  @Override
  public void forget() {
    dictionary = null;
    table.holds(-dictionaryBytes);
    dictionaryBytes = 0;
  }
}
