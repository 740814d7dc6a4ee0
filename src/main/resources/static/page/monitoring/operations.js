// What the service does right now, for who runs it.
import { html } from '../vendor/preact.js';
import { useAsked } from '../http/hooks.js';
import { to } from '../http/route.js';
import { ago, bytes, count, duration } from '../ui/format.js';
import { Card, Fault, Loading, Name } from '../ui/parts.js';
import { View } from '../ui/view.js';
import { Keys } from '../keys/keys.js';

const EVERY = 3000;

export function Operations() {
  const loaded = useAsked('status', EVERY);
  const status = loaded.value;
  return html`<${View} title="Operations" kind="wide" about=${status && `Version ${status.version}${status.commit ? `, commit ${status.commit.slice(0, 7)}` : ''} · up ${duration(status.uptimeSeconds)} · kernels ${status.kernels}`}>
    <${Fault} fault=${loaded.fault} again=${loaded.again}/>
    ${status ? html`<${Now} status=${status}/>` : !loaded.fault && html`<${Loading}/>`}
    <${Keys}/>
  <//>`;
}

function Now({ status }) {
  const { queue, memory, storage, processes } = status;
  return html`<div class="gauges">
      <${Gauge} name="Trainings that run" value=${queue.running} text=${count(queue.running)} link=${to(['runs'], { state: 'running' })}/>
      <${Gauge} name="Waiting" value=${queue.queued} most=${queue.capacity} text=${`${count(queue.queued)} of ${count(queue.capacity)}`} link=${to(['runs'], { state: 'queued' })}/>
      <${Gauge} name="Heap" value=${memory.heap.used} most=${memory.heap.max} text=${`${bytes(memory.heap.used)} of ${bytes(memory.heap.max)}`}/>
      <${Gauge} name="Disk" value=${storage.totalBytes - storage.freeBytes} most=${storage.totalBytes} text=${`${bytes(storage.freeBytes)} free`}/>
    </div>
    <div class="two">
      <${Card} title="Memory by what it is for" about="Whoever would exceed one is told to come again, or refused."><table class="plain"><thead><tr><th scope="col">For</th><th scope="col">In use</th><th scope="col" class="value">Of</th></tr></thead>
        <tbody>${memory.budgets.map((each) => html`<tr><th scope="row">${each.name}</th><td><${Level} value=${each.used} most=${each.max} name=${each.name}/> ${bytes(each.used)}</td><td class="value">${bytes(each.max)}</td></tr>`)}</tbody></table><//>
      <${Card} title="Processes" about=${`They share ${storage.kind}.`}>${processes.length ? html`<table class="plain"><thead><tr><th scope="col">Process</th><th scope="col">Seen</th><th scope="col" class="value">Runs</th></tr></thead>
        <tbody>${processes.map((each) => html`<tr><th scope="row"><${Name} text=${each.name}/>${each.self && html` <span class="tag">this one</span>`}</th><td>${ago(each.seenAt)}</td><td class="value">${count(each.trainings)}</td></tr>`)}</tbody></table>`
        : html`<p class="about">This process alone.</p>`}
        <p class=${storage.faults ? 'bad small' : 'about'}>${storage.faults ? `${count(storage.faults)} faults of the storage since the start` : 'No fault of the storage since the start'} · ${status.keys === undefined ? '' : `${count(status.keys.active)} keys are valid`}</p><//>
    </div>`;
}

const Level = ({ value, most, name }) => html`<meter min="0" max=${most || 1} value=${value} low=${most * 0.7} high=${most * 0.9} optimum="0" aria-label=${name}></meter>`;

const Gauge = ({ name, value, most, text, link }) => html`<div class="gauge"><small>${name}</small>${link ? html`<a href=${link}><b>${text}</b></a>` : html`<b>${text}</b>`}
  ${most !== undefined && html`<${Level} value=${value} most=${most} name=${name}/>`}</div>`;
