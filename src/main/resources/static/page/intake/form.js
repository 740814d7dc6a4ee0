// The request for a training, and what it would cost.
import { html, useState } from '../vendor/preact.js';
import { ask, curl } from '../http/api.js';
import { change, go, useLoaded, useSettled } from '../http/hooks.js';
import { bytes, count, duration } from '../ui/format.js';
import { Card, Choice, Copied, Fault, Field, Select, Warnings } from '../ui/parts.js';

const PRESETS = [
  ['fast', 'Fast', 'One network. Seconds.'],
  ['default', 'Good', 'Five folds, the better mix. Seconds to minutes.'],
  ['best', 'Best', 'Many candidates. Up to ten minutes.'],
  ['plain', 'Plain', 'One small network, nothing chosen for you.'],
];

const LONGEST = 63;

/** A legal name of a model that looks like that of the data set. */
function modelName(name) {
  const legal = name.toLowerCase().replace(/[^a-z0-9._-]+/g, '-').replace(/^[^a-z0-9]+/, '');
  return legal.slice(0, LONGEST).replace(/-+$/, '') || 'model';
}

const NUMBERS = [
  ['epochs', 'Epochs at most', 1, 1],
  ['seed', 'Seed', 0, 1],
  ['testFraction', 'Share kept for a test', 0, 0.05],
  ['maxSeconds', 'Seconds at most', 1, 1],
];

export function TrainForm({ dataset, target, types, query }) {
  const [model, setModel] = useState(query.model || modelName(dataset.name));
  const [more, setMore] = useState({});
  const [fault, setFault] = useState(null);
  const [busy, setBusy] = useState(false);
  const preset = PRESETS.some(([id]) => id === query.preset) ? query.preset : 'fast';
  const request = requestOf({ dataset, target, types, model, preset, more });
  const settled = useSettled(JSON.stringify(request));
  const plan = useLoaded((signal) => ask('trainings?validateOnly=true', { json: JSON.parse(settled), signal }), [settled]);
  const train = async (event) => {
    event.preventDefault();
    setBusy(true);
    setFault(null);
    try {
      const training = await ask('trainings', { json: request });
      go(['runs', training.id]);
    } catch (problem) {
      setFault(problem);
      setBusy(false);
    }
  };
  const put = (name, value) => setMore((old) => ({ ...old, [name]: value }));
  return html`<form class="train" onSubmit=${train}><${Card} title="Train">
    <${Field} label="Predict">
      <${Select} name="target" value=${target} options=${dataset.columns.map(({ name }) => [name, name])} onChange=${(chosen) => change({ target: chosen })}/><//>
    <${Choice} name="preset" label="How long to try" value=${preset} options=${PRESETS} onChange=${(id) => change({ preset: id })}/>
    <${Field} label="Name of the model" hint="A name that is there gets a new version.">
      <input name="model" value=${model} maxlength=${LONGEST} pattern="[a-z0-9][a-z0-9._\\-]*" required spellcheck="false" onInput=${(event) => setModel(event.target.value)}/><//>
    <details class="more"><summary>More settings</summary>
      <div class="pair">${NUMBERS.map(([name, text, min, step]) => html`<${Field} label=${text}>
        <input type="number" name=${name} min=${min} step=${step} placeholder="as decided" onInput=${(event) => put(name, event.target.value === '' ? undefined : Number(event.target.value))}/><//>`)}</div>
      <label class="check"><input type="checkbox" onChange=${(event) => put('layerStatistics', event.target.checked || undefined)}/>Watch each layer while it learns</label>
      <label class="check"><input type="checkbox" onChange=${(event) => put('importance', event.target.checked ? undefined : false)} checked/>Measure which columns matter</label>
    </details>
    <details class="more"><summary>The same from a program</summary><${Copied} label="The request as curl" text=${curl('trainings', request)}/></details>
    <${Forecast} plan=${plan}/>
    <${Fault} fault=${fault}/>
    <button class="primary big" disabled=${busy || plan.fault !== null}>${busy ? 'Starting…' : 'Train'}</button>
    <${Warnings} warnings=${plan.value?.warnings}/>
  <//></form>`;
}

function requestOf({ dataset, target, types, model, preset, more }) {
  const columns = Object.fromEntries(Object.entries(types)
    .filter(([name, type]) => name !== target || type !== 'ignore').map(([name, type]) => [name, { type }]));
  const training = JSON.parse(JSON.stringify(more));
  return {
    model,
    preset,
    data: { dataset: dataset.id, target, ...(Object.keys(columns).length ? { columns } : {}) },
    ...(Object.keys(training).length ? { training } : {}),
  };
}

export function Forecast({ plan }) {
  const { value, fault } = plan;
  if (fault) {
    return html`<div class="note bad" role="alert"><p>${fault.message}</p></div>`;
  }
  if (!value) return html`<div class="forecast" aria-busy="true"><span class="about">Asking what it would take…</span></div>`;
  const { estimate, rows, target, network } = value;
  const task = target.task === 'classification'
    ? `${count(target.classes?.length ?? target.names?.length)} ${target.classes ? 'classes' : 'labels'}` : 'a number';
  return html`<div class="forecast" role="status" aria-live="polite">
    <div><b>about ${duration(estimate.seconds)}</b><small>once it begins</small></div>
    <div><b>${bytes(estimate.memoryBytes)}</b><small>memory</small></div>
    <div><b>${count(rows.training)} rows</b><small>${rows.validation ? `${count(rows.validation)} to check on` : 'checked in folds'}</small></div>
    <div><b>${task}</b><small>${count(network.parameters)} parameters</small></div>
  </div>`;
}
