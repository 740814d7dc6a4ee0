package dev.backprop.engine.linalg;

/// How the work of a step is cut into pieces that threads share. Follows from the shapes only, so
/// that a training is the same on any number of threads.
public final class Cut {

  /// Up to this many parameters, a gradient for each shard costs less than it gains.
  private static final int NARROW = 1 << 20;

  /// Up to this many, shards may be short: to add their gradients up is nearly free.
  private static final int VERY_NARROW = 1 << 16;

  private static final int MAX_SHARDS = 16;
  private static final int SHORT_SHARD = 64;
  private static final int LONG_SHARD = 128;

  /// Rows of all members: with fewer, products are slower than threads make up for.
  private static final int SHARD_OF_MEMBERS = 256;

  /// Parameters of a slice: its gradients and moments stay in the nearest caches.
  private static final int SLICE = 1 << 14;

  private static final int MAX_SLICES = 1 << 12;

  /// Parameters from which threads share an update although one of them alone has the gradient in
  /// its caches, and needs the parameters there for the next step.
  private static final int SHARED_UPDATE = 1 << 18;

  /// Bytes that the workspaces of a full batch's chunk may take, about.
  private static final long CHUNK_BYTES = 1 << 26;

  private static final int MIN_CHUNK = 2 * SHORT_SHARD;
  private static final int MAX_CHUNK = MAX_SHARDS * 4 * SHORT_SHARD;

  /// Pieces begin at multiples of this, the widest tile of the library's kernels.
  private static final int TILE = 16;

  private Cut() {}

  /// Shards of a mini-batch: each goes through the network on its own, and their gradients are
  /// added up in their order. One shard for wide layers, whose products are cut instead.
  ///
  /// @param rows of the mini-batch
  /// @param members networks that share weights, each of which takes all rows; 1 for one
  public static int shards(int rows, int members, long parameters) {
    long all = Math.multiplyFull(rows, members);
    if (parameters > NARROW || all < 2 * SHORT_SHARD || rows < 4) {
      return 1;
    }
    int shard =
        members > 1 ? SHARD_OF_MEMBERS : parameters > VERY_NARROW ? LONG_SHARD : SHORT_SHARD;
    return Math.clamp(all / shard, 2, Math.min(MAX_SHARDS, rows / 2));
  }

  /// Chunks of a full batch, of nearly the same length: they go through the network one after the
  /// other, each in shards.
  ///
  /// @param rows of the full batch
  /// @param bytesOfARow of the workspace
  public static int chunks(int rows, long bytesOfARow) {
    return Math.ceilDiv(rows, (int) Math.clamp(CHUNK_BYTES / bytesOfARow, MIN_CHUNK, MAX_CHUNK));
  }

  /// Rows of a full batch that are in the network at a time.
  ///
  /// @param bytesOfARow of the workspace
  public static int rowsAtOnce(int rows, long bytesOfARow) {
    return Math.ceilDiv(rows, chunks(rows, bytesOfARow));
  }

  /// Slices of the parameters: each is added up and updated on its own.
  public static int slices(int parameters) {
    return Math.clamp(parameters / SLICE, 1, MAX_SLICES);
  }

  /// Whether threads that share the update of the parameters win more than moving those between
  /// their caches costs.
  ///
  /// @param shards of a mini-batch
  public static boolean sharesUpdate(int shards, int parameters) {
    return shards > 1 || parameters >= SHARED_UPDATE;
  }

  /// The begin of a piece; the one before ends there.
  public static int start(int piece, int pieces, int extent) {
    return (int) ((long) piece * extent / pieces);
  }

  /// Pieces of at most `limit` that `extent` is cut into.
  static int pieces(int extent, int limit) {
    return Math.max(1, Math.ceilDiv(extent, limit));
  }

  /// The begin of piece `p` of `pieces` of about equal size; the piece before it ends there.
  static int tile(int p, int extent, int pieces) {
    long tiles = Math.ceilDiv(extent, TILE);
    return (int) Math.min(extent, p * tiles / pieces * TILE);
  }
}
