// What the service does now, its keys, and whether what models are asked has moved.
import { html, useState } from '../vendor/preact.js';
import { all, ask } from '../http/api.js';
import { to, useAsked, useLoaded } from '../http/hooks.js';
import { barNames, Histogram } from '../chart/bars.js';
import { targetText, versionPath } from '../model/model.js';
import { ago, bytes, count, duration, moment, number, percent } from '../ui/format.js';
import { Behind, Card, Copied, Empty, Fault, Field, Name, Pending, Select, Sure, Table, View } from '../ui/parts.js';

const EVERY = 3000;

export function Operations() {
  const loaded = useAsked('status', EVERY);
  const status = loaded.value;
  return html`<${View} title="Operations" about=${status && `Version ${status.version}${status.commit ? ` of ${status.commit.slice(0, 9)}` : ''} · up ${duration(status.uptimeSeconds)} · kernels ${status.kernels} · ${status.processes === 1 ? 'one process' : `${status.processes} processes`} · ${count(status.keys.valid)} valid keys`}>
    <${Pending} of=${loaded}/>${status && html`<${Now} status=${status}/>`}
    <${Keys}/>
  <//>`;
}

function Now({ status }) {
  const { queue, memory, storage } = status;
  const faults = Object.entries(storage.faults);
  return html`<div class="gauges">
      <${Gauge} name="Trainings that run" value=${queue.running} text=${count(queue.running)} link=${to(['runs'], { state: 'running' })}/>
      <${Gauge} name="Waiting" value=${queue.queued} most=${queue.capacity} text=${`${count(queue.queued)} of ${count(queue.capacity)}`} link=${to(['runs'], { state: 'queued' })}/>
      <${Gauge} name="Heap" value=${memory.heapUsed} most=${memory.heapMax} text=${`${bytes(memory.heapUsed)} of ${bytes(memory.heapMax)}`}/>
      <${Gauge} name="Disk" value=${storage.totalBytes - storage.freeBytes} most=${storage.totalBytes} text=${`${bytes(storage.freeBytes)} free`}/>
    </div>
    <div class="two">
      <${Card} title="Memory by what it is for" about="Whoever would exceed one is told to come again, or refused."><${Table} name="Memory" heads=${['For', 'In use', '>-Bytes', '>Of', '>Refused']}
        rows=${memory.budgets.map((each) => [each.name, html`<${Level} value=${each.held} most=${each.limit} name=${each.name}/>`, bytes(each.held), bytes(each.limit), count(each.refused)])}/><//>
      <${Card} title="Faults of the storage" about=${`${STORAGE[status.storage.kind] ?? ''} Since the start of this process.`}><${Table} name="Faults" heads=${['Kind', '>Times']} rows=${faults.map(([kind, times]) => [kind, count(times)])}/><//>
    </div>`;
}

const STORAGE = { memory: 'In memory: nothing outlives the process.', sqlite: 'One SQLite file.', postgresql: 'PostgreSQL.' };

const Level = ({ value, most, name }) => html`<meter min="0" max=${most || 1} value=${value} low=${most * 0.7} high=${most * 0.9} optimum="0" aria-label=${name}></meter>`;

const Gauge = ({ name, value, most, text, link }) => html`<div class="gauge"><small>${name}</small>${link ? html`<a href=${link}><b>${text}</b></a>` : html`<b>${text}</b>`}
  ${most !== undefined && html`<${Level} value=${value} most=${most} name=${name}/>`}</div>`;

const ROLES = ['predict', 'train', 'admin'];

export function Keys() {
  const loaded = useLoaded((signal) => all('keys', 500, signal), []);
  const [made, setMade] = useState(null);
  const [fault, setFault] = useState(null);
  const act = (work) => work.then((answer) => { setFault(null); setMade(answer?.key ? answer : null); loaded.again(); }, setFault);
  const keys = (loaded.value?.items || []).filter((each) => !each.revokedAt);
  return html`<${Card} title="Keys" about=${keys.length ? '' : 'Without a key, this machine alone is answered. The first key ends that.'}>
    <${Pending} of=${loaded}/><${Fault} fault=${fault}/>
    ${made && html`<div class="note good"><p>The key of ${made.name || made.id} is shown this once:</p><${Copied} label="The key" text=${made.key}/></div>`}
    ${keys.length > 0 && html`<${Table} name="Keys" heads=${['Key', 'Role', 'Models', 'Used', 'Ends', '-Actions']}>${keys.map((each) => html`<tr key=${each.id}><th scope="row"><span class="name">${each.name || each.id}</span></th><td>${each.role}</td>
        <td>${each.modelPrefixes.length ? each.modelPrefixes.map((prefix) => `${prefix}…`).join(', ') : 'all'}</td><td>${each.lastUsedAt ? ago(each.lastUsedAt) : 'never'}</td><td>${each.expiresAt ? moment(each.expiresAt) : 'never'}</td>
        <td class="value buttons"><button class="link" onClick=${() => act(ask(`keys/${each.id}/rotate`, { json: {} }))}>Rotate</button>
          <${Sure} kind="link" question="Revoke it?" onSure=${() => act(ask(`keys/${each.id}`, { method: 'DELETE' }))}>Revoke<//></td></tr>`)}<//>`}
    <${Make} onMake=${(request) => act(ask('keys', { json: request }))}/>
  <//>`;
}

function Make({ onMake }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState('predict');
  const submit = (event) => {
    event.preventDefault();
    onMake({ role, ...(name ? { name } : {}) });
    setName('');
  };
  return html`<form class="inline" onSubmit=${submit}>
    <${Field} label="Name of the key"><input value=${name} onInput=${(event) => setName(event.target.value)}/><//>
    <${Field} label="Role"><${Select} value=${role} options=${ROLES.map((each) => [each, each])} onChange=${setRole}/><//>
    <button>Make a key</button></form>`;
}

const EVERY_HALF_MINUTE = 30_000;

export function DriftView({ card }) {
  const loaded = useAsked(card.input.type === 'columns' ? `${versionPath(card, 'drift')}?histograms=true` : null, EVERY_HALF_MINUTE);
  const drift = loaded.value;
  if (!drift) return html`<${Pending} of=${loaded}/>`;
  if (!drift.rows) {
    return html`<${Empty} title="Nobody has asked it yet"><p>Each row that this version answers is counted, and compared with the rows that it learned from. What this page asks is not counted.</p><//>`;
  }
  const answers = answersOf(drift.prediction, card);
  const all = [...drift.columns, ...answers];
  const moved = all.filter((each) => each.drifted).length;
  return html`<${Card} title=${moved ? `${moved} of ${all.length} have moved` : 'Nothing has moved'}
    about=${`The last ${count(drift.rows)} rows beside those of the training. 0 is alike, 1 has nothing in common; the tick is where noise ends.`}>
    <${Table} name="Drift by column" kind="drift" heads=${['Column', 'Then and now', 'Distance', '>-Value', '>Missing then', '>Now', '>Unseen']}>${answers.map((each) => html`<${Moved} each=${each} isAnswer=${true}/>`)}
        ${[...drift.columns].sort((a, b) => b.distance - a.distance).map((each) => html`<${Moved} each=${each}/>`)}<//>
    <p class="legend"><span><span class="swatch c1"></span>in training</span><span><span class="swatch c2"></span>now</span></p>
    <${Shares} columns=${all}/><//>`;
}

function Shares({ columns }) {
  const rows = columns.flatMap(({ column, histogram }) => {
    const [names, then, now] = barsOf(histogram);
    return names.map((name, i) => [column, name, percent(then[i]), percent(now[i])]);
  });
  return html`<${Behind} name="Shares of values" columns=${['Column', 'Value', 'In training', 'Now']} rows=${rows.length} row=${(i) => rows[i]}/>`;
}

/** The names of the bars of a histogram, and how high they were in training and are now. */
function barsOf(histogram) {
  if (!histogram) return [[], [], []];
  const { training, now, others } = histogram;
  const [then, later] = others ? [[...training, others.training], [...now, others.now]] : [training, now];
  return [barNames(histogram, then.length), then, later];
}

/** The answers as columns: one of a single target, several under their names. */
function answersOf(prediction, card) {
  if (!prediction) return [];
  if (Array.isArray(prediction)) return prediction;
  const name = targetText(card.target);
  return 'distance' in prediction ? [{ column: name, ...prediction }] : Object.entries(prediction).map(([column, each]) => ({ column, ...each }));
}

function Moved({ each, isAnswer }) {
  const [names, then, now] = barsOf(each.histogram);
  return html`<tr class=${each.drifted ? 'moved' : ''}>
  <th scope="row"><${Name} text=${each.column}/>${isAnswer && html` <span class="tag">answer</span>`}</th>
  <td class="shape">${names.length > 0 && html`<${Histogram} heights=${now} behind=${then} names=${names}/>`}</td>
  <td class="distance"><svg viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label=${`distance ${number(each.distance, 2)}, threshold ${number(each.threshold, 2)}`}>
    <rect class="track" width="100" height="4" y="4"/><rect class="at" width=${100 * each.distance} height="8" y="2"/><rect class="tick" x=${100 * each.threshold} width="1" height="12"/></svg></td>
  <td class="value">${number(each.distance, 2)} ${each.drifted ? html`<span class="tag warn">moved</span>` : ''}</td>
  <td class="value">${percent(each.missing?.training)}</td><td class="value">${percent(each.missing?.now)}</td><td class="value">${percent(each.unseen)}</td></tr>`;
}
