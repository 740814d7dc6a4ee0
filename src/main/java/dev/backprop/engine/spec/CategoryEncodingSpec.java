package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/// How categories enter a network. Either way a missing cell is a category of its own if the column
/// is nullable.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = CategoryEncodingSpec.OneHot.class, name = "one-hot"),
  @JsonSubTypes.Type(value = CategoryEncodingSpec.Embedding.class, name = "embedding"),
})
public sealed interface CategoryEncodingSpec extends ColumnEncodingSpec {

  int MAX_RARE = 1_000_000;

  /// Categories of fewer training rows are one category with all unseen ones; 0 if each is one by
  /// itself, and an unseen one is none.
  int rare();

  /// The learned vectors of a column; null if it is one-hot.
  ///
  /// @param categories of the column, a missing cell not counted
  @Nullable EmbeddingSpec embedding(int categories);

  /// An input for each category, which is 1 for that and else 0.
  ///
  /// @param upTo a column of more categories is embedded instead, 1 … 1,000,000; null if none is
  /// @param rare 0 … 1,000,000
  record OneHot(
      @Interval("[1, 1000000]") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer upTo,
      @Interval("[0, 1000000]") @JsonInclude(JsonInclude.Include.NON_DEFAULT) @Default("0")
          int rare)
      implements CategoryEncodingSpec {

    public static final int MAX_UP_TO = 1_000_000;

    public OneHot {
      if (upTo != null) {
        Check.range("/upTo", upTo, 1, MAX_UP_TO);
      }
      Check.range("/rare", rare, 0, MAX_RARE);
    }

    @Override
    public @Nullable EmbeddingSpec embedding(int categories) {
      return upTo != null && categories > upTo ? new EmbeddingSpec(null).resolve(categories) : null;
    }
  }

  /// A learned vector for each category, see [EmbeddingSpec].
  ///
  /// @param units as [EmbeddingSpec] has them
  /// @param rare 0 … 1,000,000
  record Embedding(
      @Interval("[1, 65536]") @Nullable Integer units,
      @Interval("[0, 1000000]") @JsonInclude(JsonInclude.Include.NON_DEFAULT) @Default("0")
          int rare)
      implements CategoryEncodingSpec {

    public Embedding {
      if (units != null) {
        Check.range("/units", units, 1, EmbeddingSpec.MAX_UNITS);
      }
      Check.range("/rare", rare, 0, MAX_RARE);
    }

    @Override
    public EmbeddingSpec embedding(int categories) {
      return new EmbeddingSpec(units).resolve(categories);
    }
  }
}
