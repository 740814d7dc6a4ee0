// Lets a version answer a data set with known targets, and shows where it is right and wrong.
import { html } from '../vendor/preact.js';
import { ask, send } from '../http/api.js';
import { useLoaded } from '../http/hooks.js';
import { change } from '../http/route.js';
import { Card, Fault, Loading } from '../ui/parts.js';
import { DatasetField, useTrainingData } from '../dataset/field.js';
import { Checked } from './checked.js';
import { versionPath } from './paths.js';
import { targets } from './target.js';

const MOST_ROWS = 20_000;
const MOST_COLUMNS = 8;

export function Check({ card, query }) {
  const given = query.check || '';
  const found = useLoaded((signal) => (given ? check(card, given, signal) : null), [given, card.model, card.version]);
  const own = useTrainingData(card);
  if (card.input.type !== 'columns') return null;
  return html`<${Card} title="Check it on a table" about="Rows whose answer is known: see each one that it gets wrong.">
    <${DatasetField} action="Check" value=${given} onChange=${(dataset) => change({ check: dataset })}/>
    ${given && given === own && html`<p class="about">It learned from these rows, which flatters it. Rows that it has not seen say more.</p>`}
    <${Fault} fault=${found.fault}/>
    ${found.loading && given && html`<${Loading} what="Asking for every row"/>`}
    ${given && found.value && html`<${Checked} key=${`${given}.${card.version}`} card=${card} found=${found.value}/>`}
  <//>`;
}

async function check(card, dataset, signal) {
  const target = targets(card.target);
  const features = card.input.features.map((each) => each.name).slice(0, MOST_COLUMNS);
  const query = new URLSearchParams();
  [...target, ...features].forEach((name) => query.append('pass', name));
  const [metrics, answers] = await Promise.all([
    ask(versionPath(card, 'evaluations'), { json: { dataset }, signal }),
    answersOf(`${versionPath(card, 'predictions')}?${query}`, dataset, signal),
  ]);
  return { metrics: metrics.metrics || metrics, rows: answers.map((answer, i) => rowOf(answer, i, target[0], card)).filter((row) => row.actual !== null), features, capped: answers.length === MOST_ROWS };
}

function rowOf(answer, i, target, card) {
  const said = answer.pass?.[target];
  const isClass = card.target.task === 'classification';
  const missing = said === null || said === undefined || said === '';
  return {
    line: i + 1,
    actual: missing ? null : isClass ? classOf(said, card) : Number(said),
    prediction: isClass ? String(answer.prediction) : typeof answer.prediction === 'object' ? answer.prediction[target] : answer.prediction,
    probabilities: answer.probabilities,
    cells: answer.pass,
  };
}

/** A class as answers name it: the text itself, or the one that is the same number. */
function classOf(text, { target }) {
  const classes = (target.classes || []).map(String);
  return classes.includes(text) ? text : classes.find((each) => each !== '' && Number(each) === Number(text)) ?? text;
}

/** Reads lines as they come, and stops after the most that a page can show. */
async function answersOf(where, dataset, signal) {
  const control = new AbortController();
  signal.addEventListener('abort', () => control.abort());
  const response = await send(where, { json: { dataset }, accept: 'application/x-ndjson', signal: control.signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const answers = [];
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    text += value || '';
    const lines = text.split('\n');
    text = done ? '' : lines.pop();
    for (const line of lines) if (line) answers.push(JSON.parse(line));
    if (done) return answers;
    if (answers.length >= MOST_ROWS) {
      control.abort();
      return answers.slice(0, MOST_ROWS);
    }
  }
}
