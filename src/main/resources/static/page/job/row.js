// A training as a row of the table, with its curve.
import { html, useEffect, useRef, useState } from '../vendor/preact.js';
import { ask } from '../http/api.js';
import { to } from '../http/route.js';
import { ago, duration, label, metric, moment, percent } from '../ui/format.js';
import { Name, State, Sure } from '../ui/parts.js';
import { thinned } from '../chart/scale.js';
import { Spark } from '../chart/histogram.js';
import { targetText } from '../model/target.js';
import { isOver, seconds, settings } from './figures.js';

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
  useEffect(() => {
    if (!seen || kept.has(training.id) || training.state === 'queued') return undefined;
    const control = new AbortController();
    inTurn(async () => (control.signal.aborted ? null : ask(`trainings/${training.id}`, { signal: control.signal }))).then((whole) => {
      if (!whole) return;
      const found = lossesOf(whole.history || []);
      if (isOver(whole)) kept.set(training.id, found);
      setLosses(found);
    });
    return () => control.abort();
  }, [seen, training.state, training.progress.epoch]);
  const text = losses?.train.length ? `Losses of ${training.model} over ${training.progress.epoch} epochs` : '';
  return html`<span ref=${place} class="curve">${losses && html`<${Spark} values=${losses.train} others=${losses.validation} title=${text}/>`}</span>`;
}

function lossesOf(history) {
  const at = thinned(history.length, POINTS);
  const log = (value) => (typeof value === 'number' && value > 0 ? Math.log(value) : null);
  const validation = at.map((i) => log(history[i].validationLoss));
  return {
    train: at.map((i) => log(history[i].trainLoss)),
    validation: validation.some((value) => value !== null) ? validation : null,
  };
}
