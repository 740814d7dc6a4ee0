package dev.backprop.service.webhook;

import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// The answer to one call, of which only the status counts. A short body is read, so that the other
/// side can write it in peace; of a long one the connection is closed.
final class DiscardedAnswer implements BodyHandler<@Nullable Void>, BodySubscriber<@Nullable Void> {

  private static final long MOST = 1 << 16;

  private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
  private volatile @Nullable Integer status;
  private Flow.@Nullable Subscription subscription;
  private long read;

  /// Null before it has come.
  @Nullable Integer status() {
    return status;
  }

  @Override
  public BodySubscriber<@Nullable Void> apply(ResponseInfo head) {
    status = head.statusCode();
    return this;
  }

  @Override
  public CompletionStage<@Nullable Void> getBody() {
    return end;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    read += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
    Flow.Subscription from = subscription;
    if (from == null) {
      return;
    }
    if (read <= MOST) {
      from.request(1);
    } else {
      from.cancel();
      end.complete(null);
    }
  }

  @Override
  public void onError(Throwable thrown) {
    end.complete(null); // the status has come
  }

  @Override
  public void onComplete() {
    end.complete(null);
  }
}
