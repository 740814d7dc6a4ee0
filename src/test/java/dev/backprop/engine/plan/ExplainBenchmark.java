package dev.backprop.engine.plan;

import dev.backprop.engine.data.CellRows;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TypicalRow;
import dev.backprop.engine.explain.Attribution;
import dev.backprop.engine.explain.AttributionWorkspace;
import dev.backprop.engine.explain.Explanation;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.PresetName;
import dev.backprop.engine.spec.SpecCopy;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.EpochReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/// How long it takes to explain a row, and how much is left over: for each CSV file, whose last
/// column is the target, a `default` model of a few epochs explains rows.
///
/// Arguments: epochs, rows to read at most, rows to explain, files.
final class ExplainBenchmark {

  /// A residual that is no greater was shared out.
  private static final double NOTHING = 1e-9;

  private ExplainBenchmark() {}

  public static void main(String[] args) throws IOException {
    Kernels kernels = KernelSelection.select(null).kernels();
    for (String file : Arrays.asList(args).subList(3, args.length)) {
      explain(
          file,
          Integer.parseInt(args[0]),
          Integer.parseInt(args[1]),
          Integer.parseInt(args[2]),
          kernels);
    }
  }

  private static void explain(String file, int epochs, int most, int explained, Kernels kernels)
      throws IOException {
    List<String> lines = Files.readAllLines(Path.of(file));
    Table table =
        Tables.csv(lines.subList(0, Math.min(lines.size(), most + 1)).toArray(String[]::new));
    Column last = table.columns().getLast();
    Target target =
        last instanceof CategoricalColumn classes
            ? new Target.Classes(last.name(), classes.categories().stream().sorted().toList())
            : new Target.Numbers(List.of(last.name()));
    TrainingData.Rows rows = new TrainingData.Rows(table, Tables.schema(table, target));
    FitSpec spec = Preset.spec(PresetName.DEFAULT, TableShape.of(rows), 5);
    TrainingPlan plan = TrainingPlan.of(rows, null, shorter(spec, epochs));
    Predictor predictor =
        ((TrainingResult.Trained)
                plan.run(
                    kernels,
                    Team.ALONE,
                    InstantSource.system(),
                    new ArrayList<EpochReport>()::add,
                    null))
            .predictor();
    FeatureEncoder features = Objects.requireNonNull(predictor.features());
    Attribution attribution =
        new Attribution(predictor, TypicalRow.of(table, features, Tables.rows(table.rows())), 1);
    int outputs = target instanceof Target.Classes classes ? classes.classes().size() : 1;
    int n = Math.min(explained, table.rows());
    int every = table.rows() / n;
    CellRows cells =
        CellRows.of(table, features, IntStream.range(0, n).map(i -> i * every).toArray());
    System.out.printf(
        "%s: %d networks, %d MB a workspace%n",
        Path.of(file).getFileName(),
        predictor.members().size(),
        attribution.workspaceBytes() >> 20);
    for (int round = 0; round < 2; round++) {
      measure(attribution, cells, features.features().size(), outputs);
    }
  }

  private static void measure(Attribution attribution, CellRows rows, int columns, int outputs) {
    AttributionWorkspace workspace = attribution.workspace();
    double[][] byColumn = new double[columns][];
    Arrays.setAll(byColumn, rows::column);
    int n = rows.size();
    double[] millis = new double[n];
    int[] points = new int[n];
    double worst = 0;
    int over = 0;
    int sharedOut = 0;
    double[] cells = new double[columns];
    for (int i = 0; i < n; i++) {
      int row = i;
      Arrays.setAll(cells, c -> byColumn[c][row]);
      long begin = System.nanoTime();
      Explanation e = attribution.explain(cells, i % outputs, workspace);
      millis[i] = (System.nanoTime() - begin) / 1e6;
      points[i] = e.points();
      double distance = Math.abs(e.answer() - e.baseline());
      double share = distance == 0 ? Math.abs(e.residual()) : Math.abs(e.residual()) / distance;
      worst = Math.max(worst, share);
      over += share > Attribution.RESIDUAL ? 1 : 0;
      sharedOut += distance > 0 && share < NOTHING ? 1 : 0;
    }
    Arrays.sort(millis);
    Arrays.sort(points);
    System.out.printf(
        "  median %.2f ms, 95 %% %.2f ms; points median %d, 95 %% %d, most %d; residual at most %.5f, above 0.01: %d of %d, shared out: %d%n",
        millis[n / 2],
        millis[n * 95 / 100],
        points[n / 2],
        points[n * 95 / 100],
        points[n - 1],
        worst,
        over,
        n,
        sharedOut);
  }

  private static FitSpec shorter(FitSpec spec, int epochs) {
    EnsembleSpec ensemble = spec.ensemble();
    return new FitSpec(
        spec.encoding(),
        spec.network(),
        shorter(spec.training(), epochs),
        ensemble == null
            ? null
            : ensemble.withMembers(
                ensemble.members().stream()
                    .map(
                        member ->
                            new EnsembleSpec.Member(
                                member.encoding(),
                                member.network(),
                                shorter(member.training(), epochs)))
                    .toList()));
  }

  private static TrainingSpec shorter(TrainingSpec training, int epochs) {
    return SpecCopy.of(training).with("epochs", epochs).spec();
  }
}
