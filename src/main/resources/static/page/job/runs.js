// All trainings: what runs, what came out, and in which settings they differ.
import { html, useEffect, useMemo, useRef, useState } from '../vendor/preact.js';
import { all, ask } from '../http/api.js';
import { change, go, to, useLoaded } from '../http/hooks.js';
import { Spark } from '../chart/bars.js';
import { thinned } from '../chart/plot.js';
import { byHeadline, differing, headline, isOver, seconds, settings } from './figures.js';
import { targetText } from '../model/model.js';
import { ago, count, duration, label, metric, moment, percent } from '../ui/format.js';
import { Card, Choice, Empty, Name, Pending, State, Sure, Table, View } from '../ui/parts.js';

const EVERY = 2500;
const SHOWN = 50;
const MOST = 1000;
const MOST_SETTINGS = 3;
const MOST_COMPARED = 5;

const STATES = [['', 'All'], ['running', 'Running'], ['queued', 'Waiting'], ['succeeded', 'Done'], ['failed', 'Failed'], ['cancelled', 'Cancelled']];
const SORTS = {
  '': (a, b) => (a.createdAt < b.createdAt ? 1 : -1),
  best: byHeadline,
};
const SORT_NAMES = [['', 'Newest first'], ['best', 'Best first']];

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
  const toggle = (id) => setChosen((old) => (old.includes(id) ? old.filter((each) => each !== id) : [...old, id].slice(-MOST_COMPARED)));
  const cancel = (id) => ask(`trainings/${id}/cancel`, { method: 'POST' }).then(first.again, first.again);
  return html`<${View} title="Runs" kind="wide" about=${about(trainings, older)}
    actions=${html`<button class="primary" disabled=${chosen.length < 2} onClick=${() => go(['runs', 'compare'], { ids: chosen.join(',') })}>
      Compare ${chosen.length > 1 ? chosen.length : ''}</button>`}>
    <${Pending} of=${first}/>
    ${!first.value ? '' : !trainings.length ? html`<${Empty} title="Nothing has been trained yet">
        <p>A run is one training: its curve, its settings, and how good it became.</p><a class="button primary" href=${to([])}>Train a model</a><//>`
      : html`<${Filters} query=${query}/>
        ${!found.length ? html`<${Empty} title="No run is like that"><button onClick=${() => change({ q: null, state: null })}>Show all</button><//>`
          : html`<${Card}><${Table} name="Runs" kind="runs" heads=${['-Compare', 'Model', 'State', 'Loss', '>Best', ...names, '>Took', 'Begun', '-Actions']}>
            ${shown.map((each) => html`<${RunRow} key=${each.id} training=${each} names=${names} headline=${headline(each)}
              chosen=${chosen.includes(each.id)} onChoose=${() => toggle(each.id)} onCancel=${isOver(each) ? null : () => cancel(each.id)}/>`)}<//>
          ${found.length > shown.length && html`<button class="link" onClick=${() => setMost(most + 4 * SHOWN)}>Show more, ${count(found.length - shown.length)} are left</button>`}
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

export function RunRow({ training, names, headline, chosen, onChoose, onCancel }) {
  const said = settings(training);
  const { progress, state } = training;
  return html`<tr class=${chosen ? 'chosen' : ''}>
    <td><input type="checkbox" aria-label=${`Compare this run of ${training.model}`} checked=${chosen} onChange=${onChoose}/></td>
    <th scope="row"><a href=${to(['runs', training.id])}><${Name} text=${training.model}/></a>
      <small>${training.result ? `version ${training.result.version}` : targetText(training.target)}</small></th>
    <td><${State} state=${state}/>${state === 'running' && html`<progress max="1" value=${progress.fraction} aria-label=${`${percent(progress.fraction, 0)} done`}></progress>`}</td>
    <td><${Curve} training=${training}/></td>
    <td class="value">${headline ? html`${metric(headline.name, headline.value)}<small>${label(headline.name)}</small>` : '–'}</td>
    ${names.map((name) => html`<td class="setting" title=${said[name] || ''}>${said[name] ?? '–'}</td>`)}
    <td class="value">${duration(seconds(training))}</td>
    <td title=${moment(training.createdAt)}>${ago(training.createdAt)}</td>
    <td class="value">${onCancel && html`<${Sure} kind="link" question="Cancel it?" onSure=${onCancel}>Cancel<//>`}</td>
  </tr>`;
}

const POINTS = 60;

// The curve of one that runs is asked for again once it is so much longer.
const GROWTH = 1.3;
const AT_ONCE = 4;
const kept = new Map();
const waiting = [];
let busy = 0;

/** Asks for few at once, so that what else the page asks for is not kept waiting. */
function inTurn(work) {
  return new Promise((done) => {
    waiting.push(() => work().then(done, () => done(null)));
    next();
  });
}

function next() {
  while (busy < AT_ONCE && waiting.length) {
    busy++;
    waiting.shift()().finally(() => { busy--; next(); });
  }
}

/** The losses of a training, asked for only once its row is seen; of one that has ended only once. */
function Curve({ training }) {
  const place = useRef(null);
  const [losses, setLosses] = useState(kept.get(training.id) || null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true), { rootMargin: '200px' });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  const fresh = losses && !isOver(training) && training.progress.epoch < GROWTH * losses.epoch;
  useEffect(() => {
    if (!seen || fresh || kept.has(training.id) || training.state === 'queued') return undefined;
    const control = new AbortController();
    inTurn(async () => (control.signal.aborted ? null : ask(`trainings/${training.id}`, { signal: control.signal }))).then((whole) => {
      if (!whole) return;
      const found = lossesOf(whole.history || []);
      if (isOver(whole)) kept.set(training.id, found);
      setLosses(found);
    });
    return () => control.abort();
  }, [seen, fresh, training.state]);
  const text = losses?.train.length ? `Losses of ${training.model} over ${training.progress.epoch} epochs` : '';
  return html`<span ref=${place} class="curve">${losses && html`<${Spark} values=${losses.train} others=${losses.validation} title=${text}/>`}</span>`;
}

function lossesOf(history) {
  const at = thinned(history.length, POINTS);
  const log = (value) => (typeof value === 'number' && value > 0 ? Math.log(value) : null);
  const validation = at.map((i) => log(history[i].validationLoss));
  return {
    epoch: history.length,
    train: at.map((i) => log(history[i].trainLoss)),
    validation: validation.some((value) => value !== null) ? validation : null,
  };
}
