// Of two classes: from which probability on the positive one is answered, and what that costs.
import { html, useState } from '../vendor/preact.js';
import { ask } from '../http/api.js';
import { count, metric, number } from '../ui/format.js';
import { Card, Fault } from '../ui/parts.js';
import { useMay } from '../caller/caller.js';
import { Matrix } from '../chart/matrix.js';
import { Plot } from '../chart/plot.js';
import { versionPath } from './paths.js';

/**
 * The points that a table of thresholds holds, with the counts behind them.
 *
 * @param positives, negatives how many rows are of the positive class, and how many are not
 */
export function pointsOf(thresholds, positives, negatives) {
  return thresholds.map(({ threshold, precision, recall, f1 }) => {
    const right = (recall ?? 0) * positives;
    const wrong = precision ? (right * (1 - precision)) / precision : 0;
    return { threshold, precision, recall, f1, right: Math.round(right), wrong: Math.min(negatives, Math.round(wrong)) };
  });
}

/** The threshold of a card, from its table. */
export function Threshold({ metrics, card }) {
  const positive = card.positive ?? metrics.positive ?? metrics.classes[1];
  const place = metrics.classes.findIndex((each) => String(each) === String(positive));
  const rows = metrics.confusionMatrix.map((row) => row.reduce((a, b) => a + b, 0));
  const positives = rows[place];
  const negatives = rows[1 - place];
  return html`<${ThresholdChart} points=${pointsOf(metrics.thresholds, positives, negatives)} positives=${positives} negatives=${negatives}
    classes=${metrics.classes} place=${place} card=${card}/>`;
}

/** @param points by rising threshold */
export function ThresholdChart({ points, positives, negatives, classes, place, card }) {
  const served = card.threshold ?? 0.5;
  const nearest = (at) => points.reduce((best, point, i) => (Math.abs(point.threshold - at) < Math.abs(points[best].threshold - at) ? i : best), 0);
  const [chosen, setChosen] = useState(nearest(served));
  const [said, setSaid] = useState(null);
  const may = useMay('train');
  const point = points[Math.min(chosen, points.length - 1)];
  const fpr = (each) => (negatives ? each.wrong / negatives : 0);
  const roc = [...points].reverse();
  const yes = [positives - point.right, point.right];
  const no = [negatives - point.wrong, point.wrong];
  const matrix = place === 1 ? [no, yes] : [[...yes].reverse(), [...no].reverse()];
  const serve = () => ask(versionPath(card, 'threshold'), { method: 'PUT', json: { threshold: point.threshold } })
    .then(() => setSaid({ done: true }), (fault) => setSaid({ fault }));
  return html`<${Card} title="When to say ${String(classes[place])}" kind="threshold"
    about=${`It is answered from a probability of ${number(served, 3)} on. A lower threshold finds more of them, a higher one is right more often.`}>
    <label class="slide"><span>Threshold <output>${number(point.threshold, 3)}</output></span>
      <input type="range" min="0" max=${points.length - 1} value=${chosen} aria-valuetext=${`${number(point.threshold, 3)}`} onInput=${(event) => { setChosen(Number(event.target.value)); setSaid(null); }}/></label>
    <div class="figures"><div><b>${metric('precision', point.precision)}</b><small>precision</small></div><div><b>${metric('recall', point.recall)}</b><small>recall</small></div>
      <div><b>${metric('f1', point.f1)}</b><small>F1</small></div><div><b>${count(point.right + point.wrong)}</b><small>answered so</small></div></div>
    <div class="three">
      <${Matrix} classes=${classes} matrix=${matrix}/>
      <${Plot} title="Precision over recall" width=${340} series=${[{ xs: points.map((each) => each.recall ?? 0), ys: points.map((each) => each.precision), colour: 'c1' }]}
        x=${{ name: 'recall', from: 0, to: 1 }} y=${{ name: 'precision', from: 0, to: 1 }} mark=${{ x: point.recall ?? 0, y: point.precision ?? 0 }}/>
      <${Plot} title="ROC: true positives over false positives" width=${340} diagonal series=${[{ xs: [0, ...roc.map(fpr), 1], ys: [0, ...roc.map((each) => each.recall ?? 0), 1], colour: 'c1' }]}
        x=${{ name: 'false positive rate', from: 0, to: 1 }} y=${{ name: 'recall', from: 0, to: 1 }} mark=${{ x: fpr(point), y: point.recall ?? 0 }}/>
    </div>
    ${may && card.threshold !== undefined && html`<p><button type="button" onClick=${serve} disabled=${said?.done}>${said?.done ? 'It answers so now' : `Answer with ${number(point.threshold, 3)} from now on`}</button></p>`}
    <${Fault} fault=${said?.fault}/>
  <//>`;
}
