package dev.backprop.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// Rows to train on, the same each time: numbers with missing cells, a category, a day, classes and
/// a number that follow from them.
final class MadeRows {

  private static final String[] CITIES = {"Ulm", "Bonn", "Köln", "Trier", "Jena"};

  private MadeRows() {}

  /// A file of CSV.
  static Path csv(Path directory, int rows) throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    StringBuilder text = new StringBuilder("x,z,city,day,w,kind,y\n");
    for (int i = 0; i < rows; i++) {
      double x = random.nextDouble() * 4 - 2;
      double z = Math.exp(random.nextDouble() * 3);
      int city = random.nextInt(CITIES.length);
      double y = Math.sin(2 * x) + Math.log(z) * (city - 2) + random.nextDouble() * 0.2;
      text.append(random.nextInt(10) == 0 ? "" : Double.toString(x)).append(',');
      text.append(random.nextInt(20) == 0 ? "NA" : Double.toString(z)).append(',');
      text.append(random.nextInt(30) == 0 ? "" : CITIES[city]).append(',');
      text.append("2026-%02d-%02d,".formatted(1 + i % 12, 1 + i % 28));
      text.append(1 + random.nextInt(3)).append(',');
      text.append(y > 0.5 ? "high" : y < -0.5 ? "low" : "middle").append(',');
      text.append(y).append('\n');
    }
    return Files.writeString(directory.resolve("rows.csv"), text);
  }
}
