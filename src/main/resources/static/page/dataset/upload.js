// Takes a file or a sample, and has the service make a data set of it.
import { html, useRef, useState } from '../vendor/preact.js';
import { ask } from '../http/api.js';
import { go } from '../http/route.js';
import { Fault } from '../ui/parts.js';
import { bytes } from '../ui/format.js';
import { SAMPLES } from './samples.js';

const DELIMITERS = [',', ';', '\t', '|'];

/** The sign that is most frequent in the first line. */
async function delimiter(file) {
  const head = (await file.slice(0, 65_536).text()).split(/\r?\n/, 1)[0].replace(/"[^"]*"/g, '');
  const times = (sign) => head.split(sign).length - 1;
  return DELIMITERS.reduce((best, sign) => (times(sign) > times(best) ? sign : best), ',');
}

const TYPES = { json: 'application/json', ndjson: 'application/x-ndjson', jsonl: 'application/x-ndjson' };
const LONGEST_NAME = 60;

/** A name that is none in the form of an id. */
const nameOf = (file) => file.name.replace(/\.(csv|tsv|txt|json|ndjson|jsonl|gz)$/gi, '').slice(0, LONGEST_NAME) || 'table';

async function upload(file) {
  const type = TYPES[file.name.split('.').pop().toLowerCase()] || 'text/csv';
  const query = new URLSearchParams({ name: nameOf(file) });
  if (type === 'text/csv') {
    const sign = await delimiter(file);
    if (sign !== ',') query.set('delimiter', sign);
  }
  return ask(`datasets?${query}`, { body: file, type });
}

export function Upload() {
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState('');
  const [fault, setFault] = useState(null);
  const field = useRef(null);
  const take = async (what, load, query = {}) => {
    setBusy(what);
    setFault(null);
    try {
      const dataset = await load();
      go([], { dataset: dataset.id, ...query });
    } catch (problem) {
      setFault(problem);
      setBusy('');
    }
  };
  const files = (list) => list?.length && take(`${list[0].name}, ${bytes(list[0].size)}`, () => upload(list[0]));
  const dropped = (event) => {
    event.preventDefault();
    setOver(false);
    files(event.dataTransfer.files);
  };
  const sample = ({ name, target, text }) => take(name, async () =>
    ask(`datasets?name=${name}`, { body: await text(), type: 'text/csv' }), { target });
  return html`
    <${Fault} fault=${fault}/>
    <div class="drop ${over ? 'over' : ''}" onDragOver=${(event) => { event.preventDefault(); setOver(true); }} onDragLeave=${() => setOver(false)} onDrop=${dropped}>
      <svg viewBox="0 0 48 48" aria-hidden="true"><path d="M24 31V10m0 0-8 8m8-8 8 8M8 30v8h32v-8"/></svg>
      <p>${busy ? html`<b role="status">Reading ${busy}…</b>` : html`<b>Drop a table here</b>`}</p>
      <p class="about">CSV, JSON or NDJSON, with a header line. It stays on this service.</p>
      <label class="file"><input type="file" accept=".csv,.tsv,.txt,.json,.ndjson,.jsonl" ref=${field} disabled=${busy !== ''} onChange=${(event) => files(event.target.files)}/><span class="button primary">Choose a file</span></label>
    </div>
    <h2 class="line"><span>or take a sample</span></h2>
    <div class="samples">${SAMPLES.map((each) => html`
      <button type="button" class="sample" disabled=${busy !== ''} onClick=${() => sample(each)}>
        <b>${each.title}</b><small>${each.rows}</small><span>${each.about}</span></button>`)}</div>`;
}
