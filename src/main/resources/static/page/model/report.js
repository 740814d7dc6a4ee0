// A version as one HTML file: the same pieces as on the page, drawn once, with the styles in it.
import { html, render } from '../vendor/preact.js';
import { moment } from '../ui/format.js';
import { Card, Facts, Warnings } from '../ui/parts.js';
import { Plot } from '../chart/plot.js';
import { thinned } from '../chart/scale.js';
import { Caller } from '../caller/caller.js';
import { predicts } from './target.js';
import { Measured } from './quality.js';
import { Importance } from './why.js';
import { Inputs, Layers } from './about.js';
import { settings } from '../job/figures.js';

const ORDER = ['test', 'outOfFold', 'validation', 'calibration', 'training'];
const POINTS = 400;

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

export async function reportOf(card) {
  const styles = await (await fetch('page/page.css')).text();
  const place = document.createElement('div');
  render(html`<${Caller.Provider} value=${{ role: 'predict' }}><${Report} card=${card}/><//>`, place);
  place.querySelectorAll('details, button, [role=region]').forEach((each) => {
    if (each.matches('[role=region]')) each.removeAttribute('tabindex');
    else each.remove();
  });
  const body = place.innerHTML;
  render(null, place);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${text(card.model)} version ${card.version}</title><style>${styles}</style></head><body>${body}</body></html>
`;
}

const text = (value) => String(value).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function Report({ card }) {
  const parts = ORDER.filter((name) => card.metrics?.[name]);
  const { provenance } = card;
  return html`<main class="wide report"><div class="head"><div><h1>${card.model}, version ${card.version}</h1>
      <p class="about">${predicts(card.target)} · trained ${moment(provenance.finishedAt)}</p>${card.description && html`<p>${card.description}</p>`}</div></div>
    <${Warnings} warnings=${card.warnings} title="The training had something to say"/>
    ${parts.slice(0, 1).map((name) => html`<${Measured} metrics=${card.metrics[name]} part=${name} card=${card} still/>`)}
    ${card.importance && html`<${Importance} card=${card}/>`}
    <${Losses} history=${card.history || []} best=${card.bestEpoch}/>
    <${Card} title="What it takes"><${Inputs} input=${card.input}/><//>
    <div class="two"><${Card} title="Settings"><${Facts} flow facts=${Object.entries(settings({ ...card, preset: '', rows: provenance.rows || { training: '' } }))}/><//>
      <${Card} title="Where it comes from"><${Facts} facts=${[['Seed', provenance.seed], ['SHA-256 of the data', provenance.dataSha256], ['Engine', provenance.engine && `${provenance.engine.version}, kernels ${provenance.engine.kernels}`], ['Processor', provenance.engine?.cpu]]}/><${Layers} network=${card.network}/><//></div>
  </main>`;
}

function Losses({ history, best }) {
  if (history.length < 2) return null;
  const at = thinned(history.length, POINTS);
  const xs = at.map((i) => history[i].epoch);
  const of = (name) => at.map((i) => history[i][name] ?? null);
  const held = of('validationLoss');
  const known = held.some((value) => value !== null);
  return html`<${Card} title="Loss over epochs"><${Plot} title="Training and validation loss over epochs" width=${900} height=${300} x=${{ name: 'epoch' }} y=${{ name: 'loss' }}
    series=${[{ name: 'training', xs, ys: of('trainLoss'), colour: 'c1' }, ...(known ? [{ name: 'validation', xs, ys: held, colour: 'c2', dash: '7 4' }] : [])]}
    mark=${known ? { x: best, y: history[best - 1]?.validationLoss, text: `best: ${best}` } : null}/><//>`;
}
