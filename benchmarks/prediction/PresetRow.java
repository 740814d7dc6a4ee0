import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorWorkspace;
import dev.backprop.platform.artifact.ArtifactCodec;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.json.StrictJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How long a saved model takes to answer one row, on one thread. Started by `benchmarks/prediction/presets`.
///
/// `PresetRow model.zip rows.csv seconds`: the first line of the rows names their columns, cells have no quotes.
class PresetRow {

  private static final int ROUNDS = 9;

  public static void main(String[] args) throws Exception {
    ModelDraft model = new ArtifactCodec(StrictJson.mapper(), KernelSelection.select(null).kernels()).read(Path.of(args[0]));
    List<String> lines = Files.readAllLines(Path.of(args[1]));
    String[] columns = lines.getFirst().split(",", -1);
    double[][] rows = lines.stream().skip(1).limit(1000).map(line -> model.cells(cells(columns, line))).toArray(double[][]::new);
    Predictor predictor = model.predictor();
    PredictorWorkspace workspace = predictor.workspace(1);
    long each = (long) (Double.parseDouble(args[2]) * 1e9);
    double[] micros = new double[ROUNDS + 1];
    for (int round = 0; round <= ROUNDS; round++) {
      long begin = System.nanoTime();
      long now = begin;
      int calls = 0;
      for (; now - begin < each; now = System.nanoTime()) {
        predictor.predict(rows[calls++ % rows.length], workspace);
      }
      micros[round] = (now - begin) / 1e3 / calls;
    }
    // The first one warms up.
    double[] measured = Arrays.copyOfRange(micros, 1, micros.length);
    Arrays.sort(measured);
    System.out.printf("%.2f %.2f %.2f%n", measured[ROUNDS / 2], measured[ROUNDS / 4], measured[ROUNDS - 1 - ROUNDS / 4]);
  }

  private static Map<String, String> cells(String[] columns, String line) {
    String[] cells = line.split(",", -1);
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < columns.length; i++) {
      if (!cells[i].isEmpty()) {
        row.put(columns[i], cells[i]);
      }
    }
    return row;
  }
}
