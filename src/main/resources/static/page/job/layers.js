// How each layer fares: three figures over epochs as small charts of one scale.
import { html } from '../vendor/preact.js';
import { Card } from '../ui/parts.js';
import { number } from '../ui/format.js';
import { Plot } from '../chart/plot.js';
import { extent, thinned } from '../chart/scale.js';

const POINTS = 120;
const RECENT = 0.2;

const FIGURES = [
  ['updateToWeight', 'Step to weight', 'log10 of how large a step is beside the weights; about -3 is healthy.'],
  ['mean', 'Activation', 'Its mean, and one standard deviation around it.'],
  ['dead', 'Dead units', 'Share of units that answer 0 for every row.'],
];

export function LayerCharts({ history }) {
  const names = Object.keys(history.layers);
  if (!names.length || history.layerEpochs.length < 2) return null;
  const at = thinned(history.layerEpochs.length, POINTS);
  const xs = at.map((i) => history.layerEpochs[i]);
  const of = (name, figure) => at.map((i) => history.layers[name][i]?.[figure] ?? null);
  return html`<${Card} title="Layers" about="One mini-batch of each epoch. The scale is that of the last fifth, so that what happens now can be seen.">
    ${FIGURES.map(([figure, title, about]) => {
      const [from, to] = rangeOf(names.map((name) => [of(name, figure), figure === 'mean' ? of(name, 'std') : null]), figure);
      return html`<div class="layer-figure"><h3>${title}</h3><p class="about">${about}</p><div class="multiples">${names.map((name) => {
        const ys = of(name, figure);
        const std = figure === 'mean' ? of(name, 'std') : null;
        const band = std && { xs, low: ys.map((y, i) => clip(y - std[i], from, to)), high: ys.map((y, i) => clip(y + std[i], from, to)) };
        return html`<div><h4 title=${name}>${name} <small>${number(ys[ys.length - 1], 3)}</small></h4>
          <${Plot} title=${`${title} of ${name} over epochs`} table=${false} width=${260} height=${130} x=${{}} y=${{ from, to }} band=${band}
            series=${[{ xs, ys: ys.map((y) => (y === null ? null : clip(y, from, to))), colour: 'c1' }]}/></div>`;
      })}</div></div>`;
    })}
  <//>`;
}

const clip = (value, from, to) => Math.max(from, Math.min(to, value));

function rangeOf(all, figure) {
  if (figure === 'dead') return [0, Math.max(0.1, ...all.flatMap(([values]) => values.filter((value) => value !== null)))];
  const recent = all.flatMap(([values, spread]) => {
    const from = Math.floor(values.length * (1 - RECENT));
    return values.slice(from).flatMap((value, i) => (value === null ? [] : spread ? [value - spread[from + i], value + spread[from + i]] : [value]));
  });
  const [low, high] = extent(recent);
  const pad = (high - low) * 0.25;
  return [low - pad, high + pad];
}
