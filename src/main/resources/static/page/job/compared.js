// Two to five trainings beside each other.
import { html } from '../vendor/preact.js';
import { ask } from '../http/api.js';
import { useLoaded } from '../http/hooks.js';
import { to } from '../http/route.js';
import { duration, label, metric } from '../ui/format.js';
import { Card, Fault, Loading, State } from '../ui/parts.js';
import { View } from '../ui/view.js';
import { Plot } from '../chart/plot.js';
import { COLOURS, DASHES, thinned } from '../chart/scale.js';
import { differing, headline, seconds, settings } from './figures.js';

const MOST = 5;
const POINTS = 400;

export function Compared({ query }) {
  const ids = (query.ids || '').split(',').filter(Boolean).slice(0, MOST);
  const loaded = useLoaded((signal) => Promise.all(ids.map((id) => ask(`trainings/${encodeURIComponent(id)}`, { signal }))), [ids.join()]);
  const trainings = loaded.value;
  return html`<${View} title="Runs compared" trail=${[['Runs', to(['runs'])]]} kind="wide">
    <${Fault} fault=${loaded.fault} again=${loaded.again}/>
    ${!trainings ? !loaded.fault && html`<${Loading}/>` : html`
      <${Losses} trainings=${trainings}/>
      <${Card} title="What differs"><div class="scroll" tabindex="0" role="region" aria-label="What differs"><table class="plain compared">
        <thead><tr><th></th>${trainings.map((each, i) => html`<th scope="col"><a href=${to(['runs', each.id])}><span class="swatch ${COLOURS[i]}"></span>${name(each)}</a></th>`)}</tr></thead>
        <tbody>
          <tr><th scope="row">State</th>${trainings.map((each) => html`<td><${State} state=${each.state}/></td>`)}</tr>
          <tr><th scope="row">Best</th>${trainings.map((each) => { const best = headline(each); return html`<td>${best ? `${label(best.name)} ${metric(best.name, best.value)}` : '–'}</td>`; })}</tr>
          <tr><th scope="row">Best epoch</th>${trainings.map((each) => html`<td>${each.result?.bestEpoch ?? '–'}</td>`)}</tr>
          <tr><th scope="row">Took</th>${trainings.map((each) => html`<td>${duration(seconds(each))}</td>`)}</tr>
          ${differing(trainings).map((setting) => html`<tr><th scope="row">${setting}</th>${trainings.map((each) => html`<td>${settings(each)[setting] ?? '–'}</td>`)}</tr>`)}
        </tbody></table></div><//>`}
  <//>`;
}

const name = (training) => `${training.model} ${training.result ? `v${training.result.version}` : training.id.slice(-4)}`;

function Losses({ trainings }) {
  const series = trainings.flatMap((each, place) => {
    const history = each.history || [];
    const of = history.some((epoch) => epoch.validationLoss != null) ? 'validationLoss' : 'trainLoss';
    const at = thinned(history.length, POINTS).filter((i) => history[i][of] > 0);
    return at.length ? [{ name: name(each), colour: COLOURS[place], dash: DASHES[place],
      xs: at.map((i) => history[i].epoch), ys: at.map((i) => Math.log10(history[i][of])) }] : [];
  });
  return html`<${Card} title="Loss on the rows that are held out" about="As powers of ten, so that late epochs can be told apart.">
    ${series.length ? html`<${Plot} title="Losses of the runs over their epochs" series=${series} width=${900} height=${320} x=${{ name: 'epoch' }} y=${{ name: 'log10 of the loss' }}/>`
      : html`<p class="about">Runs of several networks over folds have no curve of their own; the run's page shows each fold.</p>`}<//>`;
}
