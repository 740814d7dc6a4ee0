// The first view: a table comes in, a model comes out.
import { html } from '../vendor/preact.js';
import { all, ask } from '../http/api.js';
import { useAsked, useLoaded } from '../http/hooks.js';
import { change, go, to } from '../http/route.js';
import { ago, bytes, count } from '../ui/format.js';
import { Card, Fault, Loading, Name, Sure, Warnings } from '../ui/parts.js';
import { View } from '../ui/view.js';
import { useCaller } from '../caller/caller.js';
import { TrainForm } from '../intake/form.js';
import { Columns } from './columns.js';
import { Upload } from './upload.js';

export const Start = ({ query }) => query.dataset ? html`<${Chosen} key=${query.dataset} id=${query.dataset} query=${query}/>` : html`<${Welcome}/>`;

const LISTED = 12;

function Welcome() {
  const known = useLoaded((signal) => all('datasets', LISTED, signal), []);
  const datasets = known.value?.items || [];
  return html`<${View} title="Train a model from a table" kind="mid"
    about="Give it rows with the answer in one column. It learns to answer for new rows, says how sure it is, and shows why.">
    <${Upload}/>
    <${Fault} fault=${known.fault} again=${known.again}/>
    ${datasets.length > 0 && html`<h2 class="line"><span>or go on with one that is here</span></h2>
      <${Datasets} datasets=${datasets} again=${known.again}/>`}
  <//>`;
}

function Datasets({ datasets, again }) {
  const caller = useCaller();
  const remove = (id) => ask(`datasets/${id}`, { method: 'DELETE' }).then(again, again);
  const mine = (each) => caller.role === 'admin' || (each.owner !== null && each.owner === caller.id);
  return html`<${Card}><div class="scroll" tabindex="0" role="region" aria-label="Data sets"><table class="plain">
    <thead><tr><th scope="col">Data set</th><th scope="col" class="value">Rows</th><th scope="col" class="value spare">Size</th><th scope="col" class="spare">Uploaded</th><th><span class="unseen">Actions</span></th></tr></thead>
    <tbody>${datasets.map((each) => html`<tr key=${each.id}>
      <th scope="row"><a href=${to([], { dataset: each.id })}><${Name} text=${each.name}/></a></th>
      <td class="value">${count(each.rows)}</td><td class="value spare">${bytes(each.bytes)}</td><td class="spare">${ago(each.createdAt)}</td>
      <td class="value">${mine(each) && html`<${Sure} kind="link" question=${`Delete ${each.name}?`} onSure=${() => remove(each.id)}>Delete<//>`}</td></tr>`)}</tbody>
  </table></div><//>`;
}

const SAMPLE = 500;

function Chosen({ id, query }) {
  const known = useAsked(`datasets/${encodeURIComponent(id)}`);
  const rows = useAsked(`datasets/${encodeURIComponent(id)}/rows?limit=${SAMPLE}`);
  const dataset = known.value;
  if (!dataset) {
    return html`<${View} title="Data set" trail=${[['Start', to([])]]}>${known.fault ? html`<${Fault} fault=${known.fault}/>` : html`<${Loading}/>`}<//>`;
  }
  const names = dataset.columns.map((column) => column.name);
  const target = names.includes(query.target) ? query.target : names[names.length - 1];
  const types = parsed(query.types);
  const setType = (column, type) => {
    const { [column]: _, ...others } = types;
    const now = type ? { ...others, [column]: type } : others;
    change({ types: Object.keys(now).length ? JSON.stringify(now) : null });
  };
  return html`<${View} title=${dataset.name} trail=${[['Start', to([])]]} kind="wide"
    about=${`${count(dataset.rows)} rows, ${count(names.length)} columns, ${bytes(dataset.bytes)} in memory`}
    actions=${html`<button type="button" onClick=${() => go([])}>Another table</button>`}>
    <${Warnings} warnings=${dataset.warnings} title="The table has something to look at"/>
    <div class="split">
      <${Card} title="Columns" about=${rows.value && dataset.rows > SAMPLE ? `Shapes are those of the first ${SAMPLE} rows.` : ''}>
        <${Columns} dataset=${dataset} sample=${rows.value?.rows} target=${target} types=${types} onType=${setType}/>
      <//>
      <${TrainForm} dataset=${dataset} target=${target} types=${types} query=${query}/>
    </div>
  <//>`;
}

function parsed(text) {
  try {
    return JSON.parse(text || '{}');
  } catch {
    return {};
  }
}
