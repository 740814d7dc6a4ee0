package dev.backprop.service.dataset;

import dev.backprop.engine.table.Table;
import dev.backprop.platform.caller.Allowed;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.Quotas;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.http.Idempotent;
import dev.backprop.platform.http.IdempotentAnswer;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.http.Upload;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.notes.NotesChange;
import dev.backprop.platform.storage.UnitOfWork;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Data sets over HTTP.
@RestController
@RequestMapping(Paths.DATASETS)
class DatasetController {

  private static final String CSV = "text/csv";
  private static final String NDJSON = "application/x-ndjson";

  private final Datasets datasets;
  private final UnitOfWork unit;
  private final Quotas quotas;
  private final ComputeSlots slots;
  private final Clock clock;
  private final ParquetBodies parquet;
  private final JsonMapper json;
  private final Histograms histograms;

  DatasetController(
      Datasets datasets,
      UnitOfWork unit,
      Quotas quotas,
      ComputeSlots slots,
      Clock clock,
      ParquetBodies parquet,
      JsonMapper json,
      Histograms histograms) {
    this.datasets = datasets;
    this.unit = unit;
    this.quotas = quotas;
    this.slots = slots;
    this.clock = clock;
    this.parquet = parquet;
    this.json = json;
    this.histograms = histograms;
  }

  /// @param data what it is called, and who sees it; a form may have this, and all other
  ///   parameters, as fields before its file
  /// @param options how the body is written, or the file of the form
  @Upload
  @Idempotent
  @Allowed(Role.TRAIN)
  @PostMapping(
      consumes = {
        CSV,
        NDJSON,
        BodyType.PARQUET_TYPE,
        MediaType.APPLICATION_JSON_VALUE,
        MediaType.MULTIPART_FORM_DATA_VALUE
      },
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<DatasetView> upload(
      HttpServletRequest request,
      @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType type,
      NameParameters data,
      BodyParameters options,
      ColumnParameters columns,
      Caller caller)
      throws IOException {
    UploadParameters parameters = new UploadParameters(data, options, columns);
    boolean isForm = type.isCompatibleWith(MediaType.MULTIPART_FORM_DATA);
    if (!isForm) {
      UploadReader _ = parameters.reader(caller);
    }
    quotas.requireSomeRoom(caller);
    try (ComputeSlots.Slot _ = slots.acquire(request)) {
      return created(keep(parameters, request, isForm, caller));
    }
  }

  private static ResponseEntity<DatasetView> created(Dataset dataset) {
    return ResponseEntity.created(URI.create(Paths.link(Paths.dataset(dataset.id()))))
        .body(DatasetView.of(dataset.head()));
  }

  @Allowed(Role.TRAIN)
  @GetMapping
  Page<DatasetView> list(
      @RequestParam(required = false) @Nullable String tag,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      Caller caller) {
    return datasets
        .list(caller, Notes.ofQuery(tag), Page.limit(limit), cursor)
        .map(DatasetView::inList);
  }

  @Allowed(Role.TRAIN)
  @GetMapping("/{id}")
  DatasetView get(
      @PathVariable String id,
      @RequestParam(name = "histograms", defaultValue = "false") boolean withHistograms,
      Caller caller,
      HttpServletRequest request)
      throws IOException {
    DatasetHead head = datasets.find(id, caller).orElseThrow(() -> Datasets.none(id));
    return withHistograms
        ? DatasetView.of(head, histograms.of(head, request))
        : DatasetView.of(head);
  }

  @Allowed(Role.TRAIN)
  @PatchMapping(
      path = "/{id}",
      consumes = {MediaType.APPLICATION_JSON_VALUE, NotesChange.MERGE_PATCH},
      produces = MediaType.APPLICATION_JSON_VALUE)
  DatasetView change(@PathVariable String id, @RequestBody ObjectNode body, Caller caller) {
    NotesChange change = NotesChange.of(json, body);
    return DatasetView.of(datasets.note(id, caller, change::of));
  }

  /// Writes the answer itself, so that the memory of the rows is given back only after they have
  /// been written.
  @Allowed(Role.TRAIN)
  @GetMapping(path = "/{id}/rows", produces = MediaType.APPLICATION_JSON_VALUE)
  void rows(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable Integer limit,
      HttpServletRequest request,
      HttpServletResponse response,
      Caller caller)
      throws IOException {
    int rows = Page.limit(limit);
    try (Budget.Claim claim = datasets.reserve()) {
      Table table;
      try (ComputeSlots.Slot _ = slots.acquire(request)) {
        table = datasets.firstRows(id, caller, rows, claim);
      }
      response.setContentType(MediaType.APPLICATION_JSON_VALUE);
      json.writeValue(response.getOutputStream(), RowsView.of(table, rows));
    }
  }

  @Allowed(Role.TRAIN)
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String id, Caller caller) {
    datasets.delete(id, caller);
  }

  private Dataset keep(
      UploadParameters parameters, HttpServletRequest request, boolean isForm, Caller caller)
      throws IOException {
    try (Budget.Claim claim = datasets.reserve()) {
      Dataset dataset =
          isForm
              ? new FormFile(request, UploadParameters.FIELDS)
                  .read(
                      (in, of, fields) ->
                          parameters
                              .with(fields)
                              .reader(caller)
                              .read(in, of, claim, parquet, clock))
              : parameters
                  .reader(caller)
                  .read(
                      request.getInputStream(),
                      BodyType.of(request.getContentType()),
                      claim,
                      parquet,
                      clock);
      claim.grow(dataset.head().shownBytes());
      IdempotentAnswer answer = IdempotentAnswer.of(request);
      try (Datasets.Draft draft = datasets.draft(claim, dataset)) {
        unit.perform(
            () -> {
              quotas.requireRoom(caller, dataset.head().bytes());
              draft.keep();
              answer.remember(created(dataset));
            });
      }
      return dataset;
    }
  }
}
