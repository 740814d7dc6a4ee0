// A form that answers while it is changed, and tables that come back with predictions.
import { html, useEffect, useMemo, useRef, useState } from '../vendor/preact.js';
import { ask, curl, path, save, send } from '../http/api.js';
import { change } from '../http/hooks.js';
import { headOf } from '../dataset/upload.js';
import { versionPath } from '../model/model.js';
import { ordered } from '../model/why.js';
import { Answer, Inputs } from './inputs.js';
import { bytes } from '../ui/format.js';
import { Card, Copied, Fault } from '../ui/parts.js';

export function Ask({ card, query, origin }) {
  const numbers = card.input.type !== 'columns';
  const first = useMemo(() => (numbers ? new Array(card.input.width).fill(0) : firstRow(card)), [card]);
  const [row, setRow] = useState(() => given(query.row, first, numbers));
  const names = useMemo(() => (numbers ? [] : ordered(card)), [card]);
  const { answer, fault } = useAnswer(card, row);
  const put = (next) => {
    setRow(next);
    const changed = numbers ? next : Object.fromEntries(Object.entries(next).filter(([name, value]) => value !== first[name]));
    change({ row: Object.keys(changed).length ? JSON.stringify(changed) : null });
  };
  return html`<div class="ask">
    <${Card} title="A row" aside=${html`<${Another} data=${origin.dataset?.id} onRow=${put} names=${names}/><button class="link" onClick=${() => put(first)}>Start over</button>`}>
      <${Inputs} card=${card} names=${names} row=${row} onRow=${put}/>
    <//>
    <div class="stay">
      <${Fault} fault=${fault}/>
      <${Answer} card=${card} answer=${answer}/>
      <${Card} title="The same from a program"><${Copied} label="The question as curl" text=${curl(path('models', card.model, 'predictions'), bodyOf(row))}/><//>
      <${FileIn} card=${card}/>
    </div>
  </div>`;
}

function given(text, first, numbers) {
  try {
    const changed = JSON.parse(text || '{}');
    return numbers ? (Array.isArray(changed) ? changed : first) : { ...first, ...changed };
  } catch {
    return first;
  }
}

/** The latest answer. A question waits until the one before is answered, so that the last one wins. */
function useAnswer(card, row) {
  const [state, setState] = useState({ answer: null, fault: null });
  const turn = useRef({ busy: false, next: null, options: optionsOf(card), gone: false });
  useEffect(() => () => { turn.current.gone = true; }, []);
  useEffect(() => {
    const of = turn.current;
    of.next = row;
    const run = async () => {
      of.busy = true;
      while (of.next && !of.gone) {
        const asked = of.next;
        of.next = null;
        try {
          const answer = await answerTo(versionPath(card, 'predictions'), asked, of.options);
          of.options = answer.options;
          if (!of.gone) setState({ answer, fault: null });
        } catch (fault) {
          if (!of.gone) setState({ answer: null, fault });
        }
      }
      of.busy = false;
    };
    if (!of.busy) run();
  }, [row]);
  return state;
}

const MOST = 500;

function Another({ data, onRow, names }) {
  if (!data || !names.length) return null;
  const take = async () => {
    const { rows } = await ask(`datasets/${encodeURIComponent(data)}/rows?limit=${MOST}`);
    const found = rows[Math.floor(Math.random() * rows.length)];
    onRow(Object.fromEntries(names.map((name) => [name, found[name] ?? null])));
  };
  return html`<button class="link" onClick=${take}>A row of the data</button>`;
}

const bodyOf = (row) => (Array.isArray(row) ? { inputs: [row] } : { rows: [row] });

/** The value that a column has at first: that of a typical row, else the middle of the training range. */
export function firstValue(feature, typical) {
  const known = typical?.[feature.name];
  if (known !== undefined && known !== null) return known;
  if (feature.categories) return feature.categories[0];
  if (feature.type === 'boolean') return false;
  if (feature.type === 'date') return feature.min;
  return Number((feature.median ?? feature.min ?? 0).toPrecision(6));
}

export const firstRow = (card) => Object.fromEntries((card.input.features || []).map((each) => [each.name, firstValue(each, card.typicalRow)]));

/** Places on the slider of a number, and the digits that they are rounded to. */
export function slider({ min, max }) {
  const span = max - min || 1;
  const whole = Number.isInteger(min) && Number.isInteger(max) && span > 2;
  const step = whole ? Math.max(1, 10 ** Math.floor(Math.log10(span / 200))) : 10 ** Math.floor(Math.log10(span / 200));
  return { min, max, step: Number(step.toPrecision(1)) };
}

/** What can be asked beside the answer; the page does not count among those who ask. */
function optionsOf(card) {
  const isCalibrated = card.calibration || Object.values(card.metrics).some((each) => typeof each.coverage === 'number');
  return { ...(isCalibrated && { interval: 0.9 }), ...(card.typicalRow && { explain: true }), count: false };
}

/** Asks with fewer options where the service or the version refuses one. */
async function answerTo(where, row, options) {
  try {
    return { ...(await ask(`${where}?${new URLSearchParams(options)}`, { json: bodyOf(row) })).predictions[0], options };
  } catch (fault) {
    const refused = Object.keys(options).find((name) => fault.message.startsWith(`${name}:`));
    if (!refused) throw fault;
    const { [refused]: _, ...others } = options;
    return answerTo(where, row, others);
  }
}

export function FileIn({ card }) {
  const [state, setState] = useState({});
  const take = async (file) => {
    if (!file) return;
    setState({ busy: file.name });
    try {
      const name = `${file.name.replace(/\.csv$/i, '')}-predicted.csv`;
      const response = await send(`${versionPath(card, 'predictions')}?${await options(file)}`, { body: file, type: 'text/csv', accept: 'text/csv' });
      const blob = await response.blob();
      save(blob, name);
      setState({ done: `${name}, ${bytes(blob.size)}` });
    } catch (fault) {
      setState({ fault });
    }
  };
  return html`<${Card} title="A whole table" about="A CSV comes back with its columns, the predictions and what to mind.">
    <label class="file"><input type="file" accept=".csv,.tsv,.txt" disabled=${state.busy} onChange=${(event) => take(event.target.files[0])}/><span class="button">${state.busy ? `Asking for ${state.busy}…` : 'Choose a CSV'}</span></label>
    ${state.done && html`<p role="status">Saved ${state.done}</p>`}<${Fault} fault=${state.fault}/>
  <//>`;
}

/** How the file is written, and its columns, which are to come back. */
async function options(file) {
  const [line, sign] = await headOf(file);
  const query = new URLSearchParams({ unknown: 'ignore', warnings: true, count: false });
  if (sign !== ',') query.set('delimiter', sign);
  cellsOf(line, sign).forEach((name) => query.append('pass', name));
  return query;
}

/** The cells of a line, within quotes or without. */
function cellsOf(line, sign) {
  const cells = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '"') {
      if (quoted && line[i + 1] === '"') cell += line[i++];
      else quoted = !quoted;
    } else if (line[i] === sign && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += line[i];
  }
  return [...cells, cell.trim()].filter(Boolean);
}
