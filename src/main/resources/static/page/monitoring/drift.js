// Whether rows that are asked now are like those of the training.
import { html } from '../vendor/preact.js';
import { useAsked } from '../http/hooks.js';
import { count, number, percent } from '../ui/format.js';
import { Card, Empty, Fault, Loading, Name } from '../ui/parts.js';
import { Histogram } from '../chart/histogram.js';
import { targetText } from '../model/target.js';
import { versionPath } from '../model/paths.js';

const EVERY = 30_000;

export function DriftView({ card }) {
  const loaded = useAsked(versionPath(card, 'drift'), EVERY);
  const drift = loaded.value;
  if (!drift) return loaded.fault ? html`<${Fault} fault=${loaded.fault} again=${loaded.again}/>` : html`<${Loading}/>`;
  if (!drift.rows) {
    return html`<${Empty} title="Nobody has asked it yet"><p>Each row that this version answers is counted, and compared with the rows that it learned from. What this page asks is not counted.</p><//>`;
  }
  const answers = answersOf(drift.prediction, card);
  const all = [...drift.columns, ...answers];
  const moved = all.filter((each) => each.drifted).length;
  return html`<${Card} title=${moved ? `${moved} of ${all.length} have moved` : 'Nothing has moved'}
    about=${`The last ${count(drift.rows)} rows beside those of the training. 0 is alike, 1 has nothing in common; the tick is where noise ends.`}>
    <div class="scroll" tabindex="0" role="region" aria-label="Drift by column"><table class="plain drift">
      <thead><tr><th scope="col">Column</th><th scope="col">Distance</th><th scope="col" class="value"></th><th scope="col" class="value">Missing then</th><th scope="col" class="value">Now</th><th scope="col" class="value">Unseen</th><th scope="col">Shape</th></tr></thead>
      <tbody>${answers.map((each) => html`<${Row} each=${each} isAnswer=${true}/>`)}
        ${[...drift.columns].sort((a, b) => b.distance - a.distance).map((each) => html`<${Row} each=${each}/>`)}</tbody></table></div><//>`;
}

/** The answers as columns: one of a single target, several under their names. */
function answersOf(prediction, card) {
  if (!prediction) return [];
  if (Array.isArray(prediction)) return prediction;
  const name = targetText(card.target);
  return 'distance' in prediction ? [{ column: name, ...prediction }] : Object.entries(prediction).map(([column, each]) => ({ column, ...each }));
}

const Row = ({ each, isAnswer }) => html`<tr class=${each.drifted ? 'moved' : ''}>
  <th scope="row"><${Name} text=${each.column}/>${isAnswer && html` <span class="tag">answer</span>`}</th>
  <td class="distance"><svg viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label=${`distance ${number(each.distance, 2)}, threshold ${number(each.threshold, 2)}`}>
    <rect class="track" width="100" height="4" y="4"/><rect class="at" width=${100 * each.distance} height="8" y="2"/><rect class="tick" x=${100 * each.threshold} width="1" height="12"/></svg></td>
  <td class="value">${number(each.distance, 2)} ${each.drifted ? html`<span class="tag warn">moved</span>` : ''}</td>
  <td class="value">${percent(each.missing?.training)}</td><td class="value">${percent(each.missing?.now)}</td><td class="value">${percent(each.unseen)}</td>
  <td>${each.histogram ? html`<${Histogram} from=${0} to=${1} counts=${each.histogram.training} other=${each.histogram.now} title=${`bars: training; line: now`}/>` : ''}</td></tr>`;
