// Takes a file or a sample, and has the service make a data set of it.
import { html, useRef, useState } from '../vendor/preact.js';
import { ask } from '../http/api.js';
import { go } from '../http/hooks.js';
import { bytes } from '../ui/format.js';
import { Fault } from '../ui/parts.js';

const DELIMITERS = [',', ';', '\t', '|'];

/** The first line of a file, and the sign that parts its cells. */
export async function headOf(file) {
  const line = (await file.slice(0, 65_536).text()).replace(/^\ufeff/, '').split(/\r?\n/, 1)[0];
  const times = (sign) => line.replace(/"[^"]*"/g, '').split(sign).length;
  return [line, DELIMITERS.reduce((best, sign) => (times(sign) > times(best) ? sign : best))];
}

const TYPES = { json: 'application/json', ndjson: 'application/x-ndjson', jsonl: 'application/x-ndjson', parquet: 'application/vnd.apache.parquet' };
const LONGEST_NAME = 60;

/** A name that is none in the form of an id. */
const nameOf = (file) => file.name.replace(/\.(csv|tsv|txt|json|ndjson|jsonl|parquet)$/i, '').slice(0, LONGEST_NAME) || 'table';

async function upload(file) {
  const type = TYPES[file.name.split('.').pop().toLowerCase()] || 'text/csv';
  const query = new URLSearchParams({ name: nameOf(file) });
  if (type === 'text/csv') {
    const [, sign] = await headOf(file);
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
      <p class="about">CSV with a header line, JSON, NDJSON or Parquet. It stays on this service.</p>
      <label class="file"><input type="file" accept=".csv,.tsv,.txt,.json,.ndjson,.jsonl,.parquet" ref=${field} disabled=${busy !== ''} onChange=${(event) => files(event.target.files)}/><span class="button primary">Choose a file</span></label>
    </div>
    <h2 class="line"><span>or take a sample</span></h2>
    <div class="samples">${SAMPLES.map((each) => html`
      <button class="sample" disabled=${busy !== ''} onClick=${() => sample(each)}>
        <b>${each.title}</b><small>${each.rows}</small><span>${each.about}</span></button>`)}</div>`;
}

/** Numbers from 0 to 1, the same in every browser (mulberry32). */
function draws(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function normal(draw) {
  return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}

function spirals() {
  const draw = draws(7);
  const lines = ['x,y,arm'];
  for (let i = 0; i < 900; i++) {
    const arm = i % 3;
    const along = Math.sqrt(draw()) * 0.95 + 0.05;
    const angle = along * 4.2 + (arm * 2 * Math.PI) / 3;
    const x = 5 * along * Math.cos(angle) + 0.16 * normal(draw);
    const y = 5 * along * Math.sin(angle) + 0.16 * normal(draw);
    lines.push(`${x.toFixed(3)},${y.toFixed(3)},${'ABC'[arm]}`);
  }
  return `${lines.join('\n')}\n`;
}

function homes() {
  const draw = draws(11);
  const lines = ['area_m2,rooms,built,district,garden,price'];
  const districts = [['Harbour', 5200], ['Centre', 6100], ['Hills', 4600], ['Eastside', 3300]];
  for (let i = 0; i < 1200; i++) {
    const area = Math.max(24, 85 + 32 * normal(draw));
    const rooms = Math.max(1, Math.round(area / 26 + 0.6 * normal(draw)));
    const built = Math.round(1920 + 104 * Math.sqrt(draw()));
    const [district, square] = districts[Math.floor(draw() * 4)];
    const garden = draw() < 0.4;
    const price = area * square * (built < 1945 ? 1.15 : 1) * (garden ? 1.1 : 1) * (1 - 0.0006 * Math.max(0, area - 100)) * Math.exp(0.07 * normal(draw));
    lines.push([area.toFixed(1), rooms, draw() < 0.05 ? '' : built, district, garden, Math.round(price / 100) * 100].join(','));
  }
  return `${lines.join('\n')}\n`;
}

const SAMPLES = [
  {
    name: 'penguins', target: 'species', title: 'Penguins', rows: '344 rows, 3 classes',
    about: 'Which species is it? Bills, flippers and weights, measured at Palmer Station, Antarctica.',
    text: async () => (await fetch('page/sample/penguins.csv')).text(),
  },
  {
    name: 'homes', target: 'price', title: 'Homes', rows: '1,200 rows, a number',
    about: 'What is it worth? Prices drawn from area, district, garden and chance.',
    text: async () => homes(),
  },
  {
    name: 'spirals', target: 'arm', title: 'Spirals', rows: '900 rows, 2 columns',
    about: 'Three arms that no straight line parts: see the network bend around them.',
    text: async () => spirals(),
  },
];
