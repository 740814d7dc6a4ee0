package dev.backprop.service.model;

import dev.backprop.engine.figures.Threshold;
import dev.backprop.engine.table.CellReader;
import dev.backprop.platform.storage.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ETag;

/// Entity tags (RFC 9110, section 8.8.3) of what a version answers. The same model, version and
/// parameters get the same tag, as long as the same threshold decides, as long as the same text
/// means the same cell.
public final class EntityTag {

  private static final int HASH_BYTES = 12;

  private EntityTag() {}

  /// @param query as it was sent, null for none
  public static String of(ModelVersion version, @Nullable String query) {
    Threshold threshold = version.predictor().certainty().threshold();
    String answered = (query == null ? "" : query) + (threshold == null ? "" : "\n" + threshold);
    byte[] hash = Sha256.digest().digest(answered.getBytes(StandardCharsets.UTF_8));
    // The time of its making tells a version from one of the same number before a restart.
    return '"'
        + version.name()
        + '.'
        + version.version()
        + '.'
        + Long.toString(version.createdAt().toEpochMilli(), Character.MAX_RADIX)
        + '.'
        + CellReader.NUMBER
        + '.'
        + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, HASH_BYTES))
        + '"';
  }

  /// The tag in the form in which an `If-None-Match` header names it, by weak comparison (RFC 9110,
  /// section 13.1.2): whoever has a compressed answer has a weak one.
  ///
  /// @param headers each a list of tags, or `*` for any
  /// @return null if none names it
  public static @Nullable String named(Enumeration<String> headers, String tag) {
    if (!headers.hasMoreElements()) {
      return null;
    }
    ETag own = ETag.create(tag);
    List<ETag> named =
        Collections.list(headers).stream()
            .flatMap(header -> ETag.parse(header).stream())
            .filter(one -> one.isWildcard() || one.compare(own, false))
            .toList();
    if (named.isEmpty()) {
      return null;
    }
    return named.stream().allMatch(ETag::weak) ? "W/" + tag : tag;
  }
}
