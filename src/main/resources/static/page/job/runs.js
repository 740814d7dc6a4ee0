// All trainings: what runs, what came out, and in which settings they differ.
import { html, useMemo, useRef, useState } from '../vendor/preact.js';
import { all, ask } from '../http/api.js';
import { change, go, to, useIsMine, useLoaded } from '../http/hooks.js';
import { Spark } from '../chart/bars.js';
import { byHeadline, differing, headline, isOver, seconds, settings } from './figures.js';
import { targetText } from '../model/model.js';
import { ago, count, duration, label, metric, moment, percent } from '../ui/format.js';
import { Card, Choice, Empty, Name, Pending, Search, Select, State, Sure, Table, useSome, View } from '../ui/parts.js';

const EVERY = 2500;
const SHOWN = 50;
const MOST = 1000;
const POINTS = 40;
const WITH_CURVES = `trainings?history=${POINTS}`;
const MOST_SETTINGS = 3;
const MOST_COMPARED = 5;

const STATES = [['', 'All'], ['running', 'Running'], ['queued', 'Waiting'], ['succeeded', 'Done'], ['failed', 'Failed'], ['cancelled', 'Cancelled']];
const SORTS = {
  '': (a, b) => (a.createdAt < b.createdAt ? 1 : -1),
  best: byHeadline,
  model: (a, b) => a.model.localeCompare(b.model),
  longest: (a, b) => seconds(b) - seconds(a),
};
const SORT_NAMES = [['', 'Newest first'], ['best', 'Best first'], ['model', 'By model'], ['longest', 'Longest first']];

export function Runs({ query }) {
  const first = useLoaded((signal) => all('trainings', SHOWN, signal), [], EVERY);
  const older = useLoaded((signal) => (first.value?.more ? all(WITH_CURVES, MOST, signal) : { items: [] }), [Boolean(first.value?.more)]);
  const curves = useCurves(first.value?.items);
  const isMine = useIsMine();
  const [chosen, setChosen] = useState([]);
  const trainings = useMemo(() => {
    const known = new Map((older.value?.items || []).map((each) => [each.id, each]));
    (first.value?.items || []).forEach((each) => known.set(each.id, each));
    return [...known.values()];
  }, [first.value, older.value]);
  const found = useMemo(() => trainings
    .filter((each) => (!query.state || each.state === query.state) && matches(each, query.q || ''))
    .sort(SORTS[query.sort || ''] || SORTS['']), [trainings, query.state, query.q, query.sort]);
  const [shown, more] = useSome(found, SHOWN, 4 * SHOWN);
  const names = useMemo(() => differing(shown, MOST_SETTINGS), [shown.map((each) => each.id).join()]);
  const toggle = (id) => setChosen((old) => (old.includes(id) ? old.filter((each) => each !== id) : [...old, id].slice(-MOST_COMPARED)));
  const again = () => { first.again(); older.again(); };
  const cancel = (id) => ask(`trainings/${id}/cancel`, { method: 'POST' }).then(again, again);
  const remove = (id) => ask(`trainings/${id}`, { method: 'DELETE' }).then(again, again);
  return html`<${View} title="Runs" about=${about(trainings, older)}
    actions=${html`<button class="primary" disabled=${chosen.length < 2} onClick=${() => go(['runs', 'compare'], { ids: chosen.join(',') })}>
      Compare ${chosen.length > 1 ? chosen.length : ''}</button>`}>
    <${Pending} of=${first}/>
    ${!first.value ? '' : !trainings.length ? html`<${Empty} title="Nothing has been trained yet">
        <p>A run is one training: its curve, its settings, and how good it became.</p><a class="button primary" href=${to([])}>Train a model</a><//>`
      : html`<${Filters} query=${query}/>
        ${!found.length ? html`<${Empty} title="No run is like that"><button onClick=${() => change({ q: null, state: null })}>Show all</button><//>`
          : html`<${Card}><${Table} name="Runs" kind="runs" heads=${['-Compare', 'Model', 'State', 'Loss', '>Best', ...names, '>Took', 'Begun', '-Actions']}>
            ${shown.map((each) => html`<${RunRow} key=${each.id} training=${each} names=${names} headline=${headline(each)}
              chosen=${chosen.includes(each.id)} history=${each.history || curves.get(each.id) || []} onChoose=${() => toggle(each.id)}
              onCancel=${isOver(each) ? null : () => cancel(each.id)} onDelete=${isOver(each) && isMine(each) ? () => remove(each.id) : null}/>`)}<//>
          ${more}
          <//>`}`}
  <//>`;
}

/** Thinned losses by training: of those that run again and again, of others once. */
function useCurves(trainings = []) {
  const known = useRef(new Map()).current;
  const lacking = trainings.filter((each) => each.state !== known.get(each.id)?.state).map((each) => each.id).join();
  const running = trainings.some((each) => each.state === 'running');
  useLoaded(async (signal) => {
    const state = lacking ? '' : '&state=running';
    if (lacking || running) (await all(WITH_CURVES + state, SHOWN, signal)).items.forEach((each) => known.set(each.id, Object.assign(each.history, { state: each.state })));
  }, [lacking, running], running ? EVERY : 0);
  return known;
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
  <${Search} text="Find by model, preset, target" value=${query.q || ''} onInput=${(q) => change({ q })}/>
  <${Choice} name="state" label="State" value=${query.state || ''} options=${STATES} onChange=${(state) => change({ state })}/>
  <${Select} class="order" aria-label="Order" value=${query.sort || ''} options=${SORT_NAMES} onChange=${(sort) => change({ sort })}/>
</div>`;

function RunRow({ training, names, headline, chosen, history, onChoose, onCancel, onDelete }) {
  const said = settings(training);
  const { progress, state } = training;
  return html`<tr class=${chosen ? 'chosen' : ''}>
    <td><input type="checkbox" aria-label=${`Compare this run of ${training.model}`} checked=${chosen} onChange=${onChoose}/></td>
    <th scope="row"><a href=${to(['runs', training.id])}><${Name} text=${training.model}/></a>
      <small>${training.result ? `version ${training.result.version}` : targetText(training.target)}</small></th>
    <td><${State} state=${state}/>${state === 'running' && html`<progress max="1" value=${progress.fraction} aria-label=${`${percent(progress.fraction, 0)} done`}></progress>`}</td>
    <td><${Curve} training=${training} history=${history}/></td>
    <td class="value">${headline ? html`${metric(headline.name, headline.value)}<small>${label(headline.name)}</small>` : '–'}</td>
    ${names.map((name) => html`<td class="setting" title=${said[name] || ''}>${said[name] ?? '–'}</td>`)}
    <td class="value">${duration(seconds(training))}</td>
    <td title=${moment(training.createdAt)}>${ago(training.createdAt)}</td>
    <td class="value">${onCancel && html`<${Sure} kind="link" question="Cancel it?" onSure=${onCancel}>Cancel<//>`}${onDelete && html`<${Sure} kind="link" question="Delete it?" onSure=${onDelete}>Delete<//>`}</td>
  </tr>`;
}

function Curve({ training, history }) {
  const log = (name) => history.map((epoch) => (epoch[name] > 0 ? Math.log(epoch[name]) : null));
  const held = log('validationLoss');
  return html`<span class="curve"><${Spark} values=${log('trainLoss')} others=${held.some((value) => value !== null) ? held : null}
    title=${`Losses of ${training.model} over ${training.progress.epoch} epochs`}/></span>`;
}
