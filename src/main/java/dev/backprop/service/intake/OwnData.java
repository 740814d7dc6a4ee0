package dev.backprop.service.intake;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Table;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.notes.Notes;
import dev.backprop.service.dataset.Dataset;
import dev.backprop.service.dataset.DatasetHead;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.dataset.Ownership;
import java.util.ArrayList;
import java.util.List;

/// Writes the data sets that will be a training's alone. They have what came with its request, and
/// the columns that it reads otherwise than their data set has them.
final class OwnData {

  private final Datasets datasets;
  private final Acceptance acceptance;
  private final Budget.Claim room;
  private final Leases leases;
  private final List<Datasets.Draft> drafts = new ArrayList<>();

  /// @param acceptance of the training
  /// @param room that the tables hold which were read; a table that is written takes its part along
  /// @param leases takes what nobody keeps
  OwnData(Datasets datasets, Acceptance acceptance, Budget.Claim room, Leases leases) {
    this.datasets = datasets;
    this.acceptance = acceptance;
    this.room = room;
    this.leases = leases;
    leases.add(() -> drafts.forEach(Datasets.Draft::close));
  }

  List<Datasets.Draft> drafts() {
    return drafts;
  }

  /// @param id of the data set that it becomes
  TrainingInputs.Rows write(TrainingSource.Given given, String id) {
    String dataset = given.dataset() == null ? null : given.dataset().id();
    Budget.Claim claim = datasets.reserve();
    leases.add(claim::close);
    Table table =
        switch (given.data()) {
          case TrainingData.Bare(BareExamples examples) ->
              examples.table(() -> TrainingRequestReader.onTopOf(claim));
          case TrainingData.Rows rows -> {
            Table own = new Table(rows.rows(), given.own());
            room.hold(-own.bytes());
            claim.hold(own.bytes());
            yield own;
          }
        };
    if (table.columns().isEmpty()) {
      return new TrainingInputs.Rows(dataset, null);
    }
    DatasetHead head =
        new DatasetHead(
            id,
            id,
            table.rows(),
            table.bytes(),
            "",
            List.of(),
            List.of(),
            MissingTokens.NONE,
            acceptance.createdAt(),
            Ownership.of(acceptance.owner()),
            Notes.NONE);
    drafts.add(datasets.draft(claim, new Dataset(head, table)));
    return new TrainingInputs.Rows(dataset, id);
  }
}
