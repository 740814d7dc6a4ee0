package dev.backprop.service.dataset;

import dev.backprop.engine.table.Table;

/// An uploaded table and what is known of it; immutable.
public record Dataset(DatasetHead head, Table table) {

  public String id() {
    return head.id();
  }

  /// Of the bytes of the upload, decoded, in hexadecimal.
  public String sha256() {
    return head.sha256();
  }
}
