// One training, while it learns and after.
import { html, useEffect, useReducer, useRef, useState } from '../vendor/preact.js';
import { ask, watch } from '../http/api.js';
import { go, to, useIsMine, useLoaded, useMay } from '../http/hooks.js';
import { findIn } from '../dataset/start.js';
import { Lines } from '../chart/lines.js';
import { addEpoch, figuresOf, headline, isOver, seconds, settings } from './figures.js';
import { Folds, follow, LayerCharts } from './networks.js';
import { predicts, targets } from '../model/model.js';
import { bytes, count, duration, label, metric, moment, percent } from '../ui/format.js';
import { Card, Facts, Pending, State, Sure, View, Warnings } from '../ui/parts.js';

const EVERY = 1000;

export function Run({ id }) {
  const where = `trainings/${encodeURIComponent(id)}`;
  const [over, setOver] = useState(false);
  const asked = useTraining(id, where, over);
  const training = asked.value;
  useEffect(() => { if (training && isOver(training)) setOver(true); }, [training?.state]);
  const { history, folds, live } = useEvents(id, asked.again);
  if (!training) {
    return html`<${View} title="Run" trail=${[['Runs', to(['runs'])]]}><${Pending} of=${asked}/><//>`;
  }
  const version = training.result && to(['models', training.result.model], { version: training.result.version });
  return html`<${View} title=${training.model} trail=${[['Runs', to(['runs'])]]}
    about=${html`<${State} state=${training.state}/> · ${training.preset} · ${predicts(training.target)} · ${moment(training.createdAt)}`}
    actions=${html`<${Actions} training=${training} where=${where} again=${asked.again}/>
      ${version && html`<a class="button primary" href=${version}>Open the model</a>`}`}>
    <${Progress} training=${training}/>
    ${training.error && html`<div class="note ${training.state === 'cancelled' ? '' : 'bad'}" role="alert"><p>${training.error.detail || training.error.title}</p></div>`}
    <${Curves} history=${history} best=${training.result?.bestEpoch} training=${training}/>
    <${Folds} training=${training} over=${folds} live=${live}/>
    <${LayerCharts} history=${history}/>
    <${Warnings} warnings=${training.warnings}/>
    <${Data} training=${training}/>
    <${Card} title="Settings"><${Facts} flow facts=${Object.entries(settings(training))}/><//>
  <//>`;
}

/** Asks again and again how far it is. Lists leave out the history, which the events bring anyway. */
function useTraining(id, where, over) {
  const known = useRef(null);
  return useLoaded(async (signal) => {
    const { model, state } = known.current || {};
    const same = state === 'running' && (await ask(`trainings?${new URLSearchParams({ model, state })}`, { signal })).items.find((each) => each.id === id);
    return (known.current = same || (await ask(where, { signal })));
  }, [id], over ? 0 : EVERY);
}

/** The events of a training, drawn at most once a frame. */
function useEvents(id, again) {
  const history = useRef([]);
  const folds = useRef([]);
  const live = useRef(new Map());
  const [, draw] = useReducer((turn) => turn + 1, 0);
  useEffect(() => {
    const control = new AbortController();
    history.current = [];
    folds.current = [];
    let frame = 0;
    watch(id, (events) => {
      for (const { event, data } of events) {
        if (event === 'epoch') addEpoch(history.current, data);
        if (event === 'fold-epoch') follow(live.current, data);
        if (event === 'fold') addEnded(folds.current, data);
        if (event === 'end') again();
      }
      frame ||= requestAnimationFrame(() => { frame = 0; draw(); });
    }, control.signal);
    return () => { control.abort(); cancelAnimationFrame(frame); };
  }, [id]);
  return { history: history.current, folds: folds.current, live: live.current };
}

function addEnded(ended, fold) {
  if (!ended.some((each) => each.fold === fold.fold && each.member === fold.member)) ended.push(fold);
}

function Progress({ training }) {
  const { progress, state } = training;
  const best = headline(training);
  const rate = progress.examplesPerSecond;
  return html`<div class="progress">
    ${!isOver(training) && html`<progress max="1" value=${state === 'running' ? progress.fraction : null} aria-label="Progress"></progress>`}
    <div class="figures" role="status">
      ${best && html`<div><b>${metric(best.name, best.value)}</b><small>${label(best.name)}</small></div>`}
      <div><b>${count(progress.epoch)}</b><small>${training.result?.stoppedEarly ? 'epochs, stopped early' : `of ${count(progress.epochs)} epochs`}</small></div>
      <div><b>${isOver(training) ? duration(seconds(training)) : progress.etaSeconds == null ? '–' : duration(progress.etaSeconds)}</b><small>${isOver(training) ? 'it took' : 'left, about'}</small></div>
      ${rate && html`<div><b>${count(Math.round(rate))}</b><small>rows a second</small></div>`}
      ${progress.folds && html`<div><b>${progress.folds.ended} of ${progress.folds.count}</b><small>folds</small></div>`}
      ${state === 'running' && html`<div><b>${percent(progress.fraction, 0)}</b><small>done</small></div>`}
    </div></div>`;
}

function Actions({ training, where, again }) {
  const may = useMay('train');
  const isMine = useIsMine();
  const [fault, setFault] = useState(null);
  if (!may) return null;
  if (isOver(training)) return isMine(training) && html`<${Sure} question="Delete the run? Its version stays." onSure=${() => ask(where, { method: 'DELETE' }).then(() => go(['runs']), setFault)}>Delete<//>`;
  const act = (what) => ask(`${where}/${what}`, { method: 'POST' }).then(again, setFault);
  return html`${fault && html`<span class="bad" role="alert">${fault.message}</span>`}
    ${training.state === 'running' && html`<button title="Ends now and keeps what it has" onClick=${() => act('finish')}>Finish now</button>`}
    <${Sure} question="Cancel it? Nothing is kept." onSure=${() => act('cancel')}>Cancel<//>`;
}

function Data({ training }) {
  const id = training.dataset;
  const dataset = useLoaded((signal) => findIn('datasets', id, signal), [id]).value;
  return html`<${Card} title="Data"><${Facts} flow facts=${[
    ['Data set', dataset ? html`<a href=${to([], { dataset: id, target: targets(training.target)[0] })}>${dataset.name}</a>` : id ? 'deleted' : 'came with the request'],
    ['Size', dataset && `${count(dataset.rows)} rows, ${bytes(dataset.bytes)}`],
    ['Rows that train', count(training.rows.training)], ['Rows that validate', count(training.rows.validation)], ['Rows that test', count(training.rows.test)],
    ['Classes', training.target.classes && count(training.target.classes.length)]]}/>
    ${dataset && html`<a class="button start" href=${to([], { dataset: id, target: targets(training.target)[0], preset: training.preset, model: training.model })}>Train again, with other settings</a>`}<//>`;
}

export function Curves({ history, best, training }) {
  const [chosen, setLog] = useState(null);
  if (!history.length) {
    return training.progress.folds ? null : html`<${Card} title="Loss"><div class="waiting">
      <p class="about">${isOver(training) ? 'No epoch has ended.' : training.state === 'queued' ? 'It waits for its turn; the curve begins with its first epoch.' : 'The first epoch has not ended yet.'}</p></div><//>`;
  }
  const of = (name) => figuresOf(history, name);
  const [epoch, losses, held, rates] = ['epoch', 'trainLoss', 'validationLoss', 'learningRate'].map(of);
  const mark = best ?? (held ? epoch[lowest(held)] : null);
  const log = chosen ?? isSteep(losses);
  const [score, values] = [['Accuracy', of('validationAccuracy')], ['RMSE, in units of the target', of('validationRmse')]].find((each) => each[1]) || [];
  return html`
    <${Card} title="Loss" aside=${html`<label class="check"><input type="checkbox" checked=${log} onChange=${(event) => setLog(event.target.checked)}/>log scale</label>`}>
      <${Lines} title="Training and validation loss over epochs" data=${[epoch, losses, ...(held ? [held] : [])]} length=${history.length} log=${log}
        series=${[{ name: 'training', colour: 'c1' }, ...(held ? [{ name: 'validation', colour: 'c2', dash: [7, 4] }] : [])]} mark=${mark} markText=${`best: ${mark}`}/>
    <//>
    <div class="two">
      ${score && html`<${Card} title=${score} about="On the rows that are held out.">
        <${Lines} title=${`${score} over epochs`} data=${[epoch, values]} length=${history.length} height=${180}
          series=${[{ name: 'validation', colour: 'c3' }]} mark=${mark} markText=""/><//>`}
      <${Card} title="Learning rate" about="At the first step of each epoch.">
        <${Lines} title="Learning rate over epochs" data=${[epoch, rates]} length=${history.length} height=${180}
          series=${[{ name: 'learning rate', colour: 'c4' }]}/><//>
    </div>`;
}

const LONG = 200;
const STEEP = 300;

/** Whether so much of the fall is at the beginning that what comes later could not be seen. */
const isSteep = (losses) => losses.length > LONG && losses[losses.length - 1] > 0 && Math.max(losses[0], losses[1]) / losses[losses.length - 1] > STEEP;

function lowest(values) {
  let place = 0;
  values.forEach((value, i) => { if (value !== null && (values[place] === null || value < values[place])) place = i; });
  return place;
}
