package dev.backprop.service.dataset;

import dev.backprop.engine.table.Table;

/// A table that is kept, and what is known of it; immutable.
public record Dataset(DatasetHead head, Table table) {

  public String id() {
    return head.id();
  }

  /// The SHA-256 of the decoded bytes of the upload, in hexadecimal.
  public String sha256() {
    return head.sha256();
  }
}
