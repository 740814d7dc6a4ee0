package dev.backprop.service.dataset;

import dev.backprop.platform.caller.Audit;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What there is for a caller. A data set that it does not see is not there; [Datasets] says how
/// each is asked.
record SeenDatasets(DatasetStore store) {

  /// How many data sets of one name are told.
  private static final int NAMED = 5;

  Optional<DatasetHead> find(String id, Caller caller) {
    return store
        .find(id)
        .map(DatasetStore.Stored::head)
        .filter(head -> isSeen(head.ownership(), caller));
  }

  /// Whose a data set is that the caller sees, even if nothing else of it can be read.
  Optional<Ownership> ownership(String id, Caller caller) {
    return store.ownership(id).filter(ownership -> isSeen(ownership, caller));
  }

  private static boolean isSeen(Ownership ownership, Caller caller) {
    boolean seen = ownership.isSeenBy(caller);
    if (!seen) {
      Audit.isHidden();
    }
    return seen;
  }

  Optional<String> idOf(String text, Caller caller) {
    if (DatasetName.isId(text)) {
      return ownership(text, caller).map(_ -> text);
    }
    List<String> ids = store.named(text, caller, NAMED);
    if (ids.size() > 1) {
      throw new ProblemException(
              ProblemCode.AMBIGUOUS_NAME,
              "several data sets are named '%s'; name one by its id, the newest first: %s"
                  .formatted(Excerpt.of(text), String.join(", ", ids)))
          .withIds(ids);
    }
    return ids.stream().findFirst();
  }

  Page<DatasetHead> list(Caller caller, @Nullable String tag, int limit, @Nullable String cursor) {
    long before = Page.afterNumber(cursor);
    int fitting = Page.fitting(store.sizes(caller, tag, before, limit), limit);
    return Page.of(
            store.list(caller, tag, before, fitting + 1),
            fitting,
            stored -> Long.toString(stored.number()))
        .map(DatasetStore.Stored::head);
  }
}
