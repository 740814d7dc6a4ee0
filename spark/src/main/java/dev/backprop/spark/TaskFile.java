package dev.backprop.spark;

import org.apache.spark.rdd.InputFileBlockHolder;

/// The file that a task reads. Spark tells it as the SQL function `input_file_name` only, which
/// would be a column of every row; so this class alone asks where that function asks.
final class TaskFile {

  private TaskFile() {}

  /// What is wrong with the row that this thread's task has read last, with its file if it is of
  /// one.
  static String place(String reason) {
    String file = InputFileBlockHolder.getInputFilePath().toString();
    return file.isEmpty() ? reason : file + ": " + reason;
  }
}
