package dev.backprop.service.webhook;

/// Hears what became of callbacks, on the thread that tried.
@FunctionalInterface
interface CallbackListener {

  /// @param how delivered or failed
  void onEnd(Callback.State how);
}
