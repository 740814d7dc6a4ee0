// The mean answer to rows that all have the same value in one column.
import { html } from '../vendor/preact.js';
import { ask } from '../http/api.js';
import { useLoaded } from '../http/hooks.js';
import { change } from '../http/route.js';
import { Card, Fault, Loading } from '../ui/parts.js';
import { Plot } from '../chart/plot.js';
import { COLOURS, DASHES } from '../chart/scale.js';
import { DatasetField, useTrainingData } from '../dataset/field.js';
import { versionPath } from './paths.js';
import { columnSelect } from './why.js';

const MOST_CLASSES = 7;

export function Dependence({ card, query, names }) {
  const own = useTrainingData(card);
  const dataset = query.data || own || '';
  const column = names.includes(query.column) ? query.column : names[0];
  const loaded = useLoaded((signal) => (dataset ? ask(versionPath(card, 'partial-dependence'), { json: { columns: [column], dataset }, signal }) : null), [dataset, column, card.version]);
  return html`<${Card} title="How the answer moves with a column" about="The mean answer to the rows, if all of them had the same value there.">
    <div class="inline">${columnSelect({ text: 'Column', name: 'column', value: column, names })}</div>
    ${!own && html`<${DatasetField} action="Use these rows" value=${query.data} onChange=${(data) => change({ data })}/>`}
    <${Fault} fault=${loaded.fault}/>
    ${loaded.loading && dataset && html`<${Loading} what="Asking"/>`}
    ${loaded.value && html`<${Curve} points=${loaded.value.points} column=${column} card=${card}/>`}
  <//>`;
}

/** @param points each `{value, answer}` or `{value, probabilities}` */
export function Curve({ points, column, card }) {
  const values = points.map((point) => point.value);
  const isNumber = values.every((value) => typeof value === 'number');
  const xs = isNumber ? values : values.map((_, i) => i);
  const parts = partsOf(points[0]);
  const series = parts.slice(0, MOST_CLASSES).map((part, i) => ({ name: part, xs, ys: points.map((point) => partOf(point, part)), colour: COLOURS[i], dash: DASHES[i % DASHES.length], points: isNumber ? false : 4 }));
  const shown = parts.length === 2 && card.target.task === 'classification' ? series.slice(1) : series;
  return html`<${Plot} title=${`Mean answer over ${column}`} series=${shown} x=${{ name: column, labels: isNumber ? undefined : values.map(String) }}
    y=${card.target.task === 'classification' ? { name: shown.length === 1 ? `probability of ${shown[0].name}` : 'probability', from: 0, to: 1 } : { name: card.target.names.length === 1 ? card.target.names[0] : 'answer' }}/>`;
}

const answerOf = (point) => point.probabilities ?? point.answer;
const partsOf = (point) => (typeof answerOf(point) === 'number' ? [''] : Object.keys(answerOf(point)));
const partOf = (point, part) => (part === '' ? answerOf(point) : answerOf(point)[part]);
