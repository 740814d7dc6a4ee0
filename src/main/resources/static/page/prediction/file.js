// A table goes in, and comes back with predictions.
import { html, useState } from '../vendor/preact.js';
import { save, send } from '../http/api.js';
import { bytes } from '../ui/format.js';
import { Card, Fault } from '../ui/parts.js';
import { versionPath } from '../model/paths.js';

const DELIMITERS = [',', ';', '\t'];

export function FileIn({ card }) {
  const [state, setState] = useState({});
  const take = async (file) => {
    if (!file) return;
    setState({ busy: file.name });
    try {
      const name = `${file.name.replace(/\.csv$/i, '')}-predicted.csv`;
      const response = await send(`${versionPath(card, 'predictions')}?${await options(file)}`, { body: file, type: 'text/csv', accept: 'text/csv' });
      const blob = await response.blob();
      save(blob, name);
      setState({ done: `${name}, ${bytes(blob.size)}` });
    } catch (fault) {
      setState({ fault });
    }
  };
  return html`<${Card} title="A whole table" about="A CSV comes back with its columns, the predictions and what to mind.">
    <label class="file"><input type="file" accept=".csv,.tsv,.txt" disabled=${state.busy} onChange=${(event) => take(event.target.files[0])}/><span class="button">${state.busy ? `Asking for ${state.busy}…` : 'Choose a CSV'}</span></label>
    ${state.done && html`<p role="status">Saved ${state.done}</p>`}<${Fault} fault=${state.fault}/>
  <//>`;
}

/** How the file is written, and its columns, which are to come back. */
async function options(file) {
  const head = (await file.slice(0, 65_536).text()).replace(/^\ufeff/, '').split(/\r?\n/, 1)[0];
  const sign = DELIMITERS.reduce((best, each) => (head.split(each).length > head.split(best).length ? each : best), ',');
  const query = new URLSearchParams({ unknown: 'ignore', warnings: 'true' });
  if (sign !== ',') query.set('delimiter', sign);
  cellsOf(head, sign).forEach((name) => query.append('pass', name));
  return query;
}

/** The cells of a line, within quotes or without. */
function cellsOf(line, sign) {
  const cells = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '"') {
      if (quoted && line[i + 1] === '"') cell += line[i++];
      else quoted = !quoted;
    } else if (line[i] === sign && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += line[i];
  }
  return [...cells, cell.trim()].filter(Boolean);
}
