package dev.backprop.platform.keys;

import dev.backprop.platform.storage.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// A key: `bp_<id>_<secret><check>`. The id is public. The secret is guessed by nobody, so that a
/// plain hash keeps it. The check tells whoever looks for lost keys, without asking anybody, which
/// texts are some; it also tells a mistyped key.
public final class ApiKey {

  public static final String PREFIX = "bp_";

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private static final int ID = 8;
  private static final int SECRET = 32;
  private static final int CHECK = 6;
  private static final int LENGTH = PREFIX.length() + ID + 1 + SECRET + CHECK;

  private static final Pattern FORM =
      Pattern.compile("%s([0-9A-Za-z]{%d})_[0-9A-Za-z]{%d}".formatted(PREFIX, ID, SECRET + CHECK));

  private final String id;
  private final String text;

  private ApiKey(String id, String text) {
    this.id = id;
    this.text = text;
  }

  /// @return null if the text has not the form of a key
  public static @Nullable String idOf(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches() ? form.group(1) : null;
  }

  /// Whether a text of a header is meant as a key. It may be none all the same.
  public static boolean isMeant(String text) {
    return text.startsWith(PREFIX);
  }

  /// @throws IllegalArgumentException if the text is no key; the message does not have it
  static ApiKey of(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "a key is %s, %d letters and digits, _, and %d more, %d characters in all; this is another text, of %d"
              .formatted(PREFIX, ID, SECRET + CHECK, LENGTH, text.length()));
    }
    int checked = LENGTH - CHECK;
    if (!check(text.substring(0, checked)).equals(text.substring(checked))) {
      throw new IllegalArgumentException(
          "the last %d characters of a key are computed from the others, these are not: it is mistyped or cut"
              .formatted(CHECK));
    }
    return new ApiKey(form.group(1), text);
  }

  /// @param random one that nobody can foretell
  static ApiKey random(RandomGenerator random) {
    return withId(digits(random, ID), random);
  }

  /// Another secret for an id.
  static ApiKey withId(String id, RandomGenerator random) {
    String checked = PREFIX + id + '_' + digits(random, SECRET);
    return new ApiKey(id, checked + check(checked));
  }

  private static String digits(RandomGenerator random, int length) {
    StringBuilder digits = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      digits.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return digits.toString();
  }

  private static String check(String checked) {
    CRC32 crc = new CRC32();
    crc.update(checked.getBytes(StandardCharsets.US_ASCII));
    char[] check = new char[CHECK];
    long rest = crc.getValue();
    for (int i = CHECK - 1; i >= 0; i--) {
      check[i] = DIGITS.charAt((int) (rest % DIGITS.length()));
      rest /= DIGITS.length();
    }
    return new String(check);
  }

  String id() {
    return id;
  }

  /// The whole key, which nobody but its holder is told.
  String text() {
    return text;
  }

  /// What is kept of it: SHA-256, in hexadecimal.
  String hash() {
    MessageDigest digest = Sha256.digest();
    digest.update(text.getBytes(StandardCharsets.US_ASCII));
    return Sha256.hex(digest);
  }

  /// Whether two hashes are one, in a time that does not depend on how much of them is.
  static boolean isSame(String hash, String other) {
    return MessageDigest.isEqual(HexFormat.of().parseHex(hash), HexFormat.of().parseHex(other));
  }

  /// Without the secret.
  @Override
  public String toString() {
    return PREFIX + id;
  }
}
