// The answers over two columns, the others as in a typical row, beside the rows themselves.
import { html } from '../vendor/preact.js';
import { ask } from '../http/api.js';
import { useLoaded } from '../http/hooks.js';
import { Card, Fault, Loading } from '../ui/parts.js';
import { Surface } from '../chart/surface.js';
import { useTrainingData } from '../dataset/field.js';
import { versionPath } from './paths.js';
import { columnSelect } from './why.js';

const SIZE = 50;
const ROWS = 500;

export function AnswerField({ card, query, names }) {
  if (names.length < 2) return null;
  const numeric = names.filter((name) => card.input.features.find((each) => each.name === name).type === 'numeric');
  const x = names.includes(query.x) ? query.x : numeric[0] ?? names[0];
  const y = names.includes(query.y) && query.y !== x ? query.y : [...numeric, ...names].find((each) => each !== x);
  return html`<${Card} title="What it answers over two columns" about="All other columns as in a typical row. The stronger the colour, the surer the answer.">
    <div class="inline">${columnSelect({ text: 'Across', name: 'x', value: x, names: names.filter((each) => each !== y) })}${columnSelect({ text: 'Up', name: 'y', value: y, names: names.filter((each) => each !== x) })}</div>
    <${Field} card=${card} x=${x} y=${y}/>
  <//>`;
}

function Field({ card, x, y }) {
  const data = useTrainingData(card);
  const loaded = useLoaded((signal) => ask(versionPath(card, 'surface'), { json: { x, y, size: SIZE }, signal }), [x, y, card.version]);
  const rows = useLoaded((signal) => (data ? ask(`datasets/${encodeURIComponent(data)}/rows?limit=${ROWS}`, { signal }).catch(() => null) : null), [data]).value?.rows || [];
  if (loaded.fault) return html`<${Fault} fault=${loaded.fault}/>`;
  if (!loaded.value) return html`<${Loading} what="Asking"/>`;
  const target = card.target.names[0];
  const isClass = card.target.task === 'classification';
  const classes = isClass ? (card.target.classes || []).map(String) : null;
  const answers = loaded.value.answers.map((row) => row.map((answer) => simple(answer, isClass, target)));
  return html`<${Surface} names=${[x, y]} x=${loaded.value.x} y=${loaded.value.y} answers=${answers} classes=${classes?.length ? classes : null}
    points=${rows.map((row) => ({ x: row[x], y: row[y], label: String(row[target]) }))}/>`;
}

/** Probabilities by class, or a number; of several targets the first. */
function simple(answer, isClass, target) {
  if (typeof answer === 'number') return answer;
  if (isClass) return answer.probabilities ?? answer;
  return answer.prediction ?? answer.answer ?? answer[target] ?? Object.values(answer)[0];
}
