// What answers to rows with known targets come to: curves, bins, differences. Plain functions.

/** Precision, recall and counts for each threshold, by rising threshold. */
export function thresholdPoints(answers, positive, steps = 100) {
  const positives = answers.filter((each) => each.actual === positive).length;
  const points = [];
  for (let step = 1; step < steps; step++) {
    const threshold = step / steps;
    let right = 0;
    let wrong = 0;
    for (const each of answers) if (each.probabilities[positive] >= threshold) each.actual === positive ? right++ : wrong++;
    points.push({
      threshold, right, wrong,
      precision: right + wrong ? right / (right + wrong) : null,
      recall: positives ? right / positives : null,
      f1: right + wrong + positives ? (2 * right) / (right + wrong + positives) : null,
    });
  }
  return points;
}

/** How often the likeliest class is right, by its probability. */
export function calibrationBins(answers, size = 10) {
  const bins = Array.from({ length: size }, () => ({ rows: 0, sum: 0, right: 0 }));
  for (const { probabilities, prediction, actual } of answers) {
    const top = probabilities[prediction];
    const bin = bins[Math.min(size - 1, Math.floor(top * size))];
    bin.rows++;
    bin.sum += top;
    bin.right += prediction === actual ? 1 : 0;
  }
  return bins.filter((bin) => bin.rows).map((bin) => ({ rows: bin.rows, mean: bin.sum / bin.rows, right: bin.right / bin.rows }));
}

export function confusion(answers, classes) {
  const places = new Map(classes.map((name, i) => [name, i]));
  const matrix = classes.map(() => classes.map(() => 0));
  for (const { actual, prediction } of answers) {
    const row = places.get(actual);
    const column = places.get(prediction);
    if (row !== undefined && column !== undefined) matrix[row][column]++;
  }
  return matrix;
}

/** The wrong ones, those first that were most sure, or of numbers the farthest. */
export function errors(answers, isClass) {
  return isClass
    ? answers.filter((each) => each.actual !== each.prediction).sort((a, b) => (b.probabilities?.[b.prediction] ?? 0) - (a.probabilities?.[a.prediction] ?? 0))
    : [...answers].sort((a, b) => Math.abs(b.prediction - b.actual) - Math.abs(a.prediction - a.actual));
}
