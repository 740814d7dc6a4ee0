// All trainings: what runs, what came out, and in which settings they differ.
import { html, useMemo, useState } from '../vendor/preact.js';
import { all, ask } from '../http/api.js';
import { useLoaded } from '../http/hooks.js';
import { change, go, to } from '../http/route.js';
import { count } from '../ui/format.js';
import { Card, Choice, Empty, Fault, Loading } from '../ui/parts.js';
import { View } from '../ui/view.js';
import { targetText } from '../model/target.js';
import { byHeadline, differing, headline, isOver, seconds } from './figures.js';
import { RunRow } from './row.js';

const EVERY = 2500;
const SHOWN = 50;
const MOST = 1000;
const MOST_SETTINGS = 3;
const MOST_COMPARED = 5;

const STATES = [['', 'All'], ['running', 'Running'], ['queued', 'Waiting'], ['succeeded', 'Done'], ['failed', 'Failed'], ['cancelled', 'Cancelled']];
const SORTS = {
  '': (a, b) => (a.createdAt < b.createdAt ? 1 : -1),
  best: byHeadline,
  model: (a, b) => a.model.localeCompare(b.model),
  longest: (a, b) => (seconds(b) || 0) - (seconds(a) || 0),
};
const SORT_NAMES = [['', 'Newest first'], ['best', 'Best first'], ['model', 'By model'], ['longest', 'Longest first']];

export function Runs({ query }) {
  const first = useLoaded((signal) => all('trainings', SHOWN, signal), [], EVERY);
  const older = useLoaded((signal) => (first.value?.more ? all('trainings', MOST, signal) : { items: [] }), [Boolean(first.value?.more)]);
  const [chosen, setChosen] = useState([]);
  const [most, setMost] = useState(SHOWN);
  const trainings = useMemo(() => {
    const known = new Map((older.value?.items || []).map((each) => [each.id, each]));
    (first.value?.items || []).forEach((each) => known.set(each.id, each));
    return [...known.values()];
  }, [first.value, older.value]);
  const found = useMemo(() => trainings
    .filter((each) => (!query.state || each.state === query.state) && matches(each, query.q || ''))
    .sort(SORTS[query.sort || ''] || SORTS['']), [trainings, query.state, query.q, query.sort]);
  const shown = found.slice(0, most);
  const names = useMemo(() => differing(shown, MOST_SETTINGS), [shown.map((each) => each.id).join()]);
  const toggle = (id) => setChosen(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id].slice(-MOST_COMPARED));
  const cancel = (id) => ask(`trainings/${id}/cancel`, { method: 'POST' }).then(first.again, first.again);
  return html`<${View} title="Runs" kind="wide" about=${about(trainings, older)}
    actions=${html`<button type="button" class="primary" disabled=${chosen.length < 2} onClick=${() => go(['runs', 'compare'], { ids: chosen.join(',') })}>
      Compare ${chosen.length > 1 ? chosen.length : ''}</button>`}>
    <${Fault} fault=${first.fault} again=${first.again}/>
    ${!first.value ? html`<${Loading}/>` : !trainings.length ? html`<${Empty} title="Nothing has been trained yet">
        <p>A run is one training: its curve, its settings, and how good it became.</p><a class="button primary" href=${to([])}>Train a model</a><//>`
      : html`<${Filters} query=${query}/>
        ${!found.length ? html`<${Empty} title="No run is like that"><button type="button" onClick=${() => change({ q: null, state: null })}>Show all</button><//>`
          : html`<${Card}><div class="scroll" tabindex="0" role="region" aria-label="Runs"><table class="runs">
            <thead><tr><th><span class="unseen">Compare</span></th><th scope="col">Model</th><th scope="col">State</th><th scope="col">Loss</th><th scope="col" class="value">Best</th>
              ${names.map((name) => html`<th scope="col" class="setting" title=${name}>${name}</th>`)}
              <th scope="col" class="value">Took</th><th scope="col">Begun</th><th><span class="unseen">Actions</span></th></tr></thead>
            <tbody>${shown.map((each) => html`<${RunRow} key=${each.id} training=${each} names=${names} headline=${headline(each)}
              chosen=${chosen.includes(each.id)} onChoose=${() => toggle(each.id)} onCancel=${isOver(each) ? null : () => cancel(each.id)}/>`)}</tbody>
          </table></div>
          ${found.length > shown.length && html`<button type="button" class="link" onClick=${() => setMost(most + 4 * SHOWN)}>Show more, ${count(found.length - shown.length)} are left</button>`}
          <//>`}`}
  <//>`;
}

const about = (trainings, older) => {
  if (!trainings.length) return '';
  const running = trainings.filter((each) => each.state === 'running').length;
  return `${count(trainings.length)}${older.value?.more ? ' latest' : ''} trainings${running ? `, ${running} running` : ''}. Choose two to five to compare them.`;
};

function matches(training, text) {
  const whole = `${training.model} ${training.preset} ${targetText(training.target)} ${(training.tags || []).join(' ')}`.toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => whole.includes(word));
}

const Filters = ({ query }) => html`<div class="filters" role="search">
  <label><span class="unseen">Find a run</span><input type="search" placeholder="Find by model, preset, target" value=${query.q || ''} onInput=${(event) => change({ q: event.target.value })}/></label>
  <${Choice} name="state" label="State" value=${query.state || ''} options=${STATES} onChange=${(state) => change({ state })}/>
  <label class="order"><span class="unseen">Order</span><select value=${query.sort || ''} onChange=${(event) => change({ sort: event.target.value })}>
    ${SORT_NAMES.map(([id, name]) => html`<option value=${id} selected=${id === (query.sort || '')}>${name}</option>`)}</select></label>
</div>`;
