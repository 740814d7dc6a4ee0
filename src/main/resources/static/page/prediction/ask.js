// A form made from what a version takes. It answers while the form is changed.
import { html, useEffect, useMemo, useRef, useState } from '../vendor/preact.js';
import { ask, path } from '../http/api.js';
import { change } from '../http/route.js';
import { Card, Copied, Fault } from '../ui/parts.js';
import { useTrainingData } from '../dataset/field.js';
import { versionPath } from '../model/paths.js';
import { ordered } from '../model/why.js';
import { Answer } from './answer.js';
import { FileIn } from './file.js';
import { Inputs } from './inputs.js';
import { answerTo, firstRow } from './row.js';

export function Ask({ card, query }) {
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
    <${Card} title="A row" aside=${html`<${Another} card=${card} onRow=${put} names=${names}/><button type="button" class="link" onClick=${() => put(first)}>Start over</button>`}>
      <${Inputs} card=${card} names=${names} row=${row} onRow=${put}/>
    <//>
    <div class="stay">
      <${Fault} fault=${fault}/>
      <${Answer} card=${card} answer=${answer}/>
      <${Card} title="The same from a program"><${Copied} label="The question as curl" text=${curl(card, row)}/><//>
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
  const turn = useRef({ busy: false, next: null, without: [], gone: false });
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
          const answer = await answerTo(ask, versionPath(card, 'predictions'), asked, of.without);
          of.without = answer.without;
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

/** A row of the data that the version was trained on, where the caller sees it. */
function Another({ card, onRow, names }) {
  const data = useTrainingData(card);
  if (!data || !names.length) return null;
  const take = async () => {
    const { rows } = await ask(`datasets/${encodeURIComponent(data)}/rows?limit=${MOST}`);
    const found = rows[Math.floor(Math.random() * rows.length)];
    onRow(Object.fromEntries(names.map((name) => [name, found[name] ?? null])));
  };
  return html`<button type="button" class="link" onClick=${take}>A row of the data</button>`;
}

function curl(card, row) {
  const where = new URL(`api/v1/${path('models', card.model, 'predictions')}`, document.baseURI);
  const body = Array.isArray(row) ? { inputs: [row] } : { rows: [row] };
  return `curl ${where} \\
  -H 'Content-Type: application/json' \\
  -d '${JSON.stringify(body, null, 1).replaceAll("'", "'\\''")}'`;
}
