// The networks of a training that has several, and the layers of one.
import { html } from '../vendor/preact.js';
import { ask, path } from '../http/api.js';
import { useLoaded } from '../http/hooks.js';
import { COLOURS, DASHES, extent, Plot, thinned } from '../chart/plot.js';
import { count, label, metric, number, percent } from '../ui/format.js';
import { Behind, Card, Table } from '../ui/parts.js';

const POINTS = 120;

/** @param over the folds that have ended, and `live` the losses of those under way, as events told */
export function Folds({ training, over, live }) {
  const { result, progress } = training;
  const card = useLoaded((signal) => (result && progress.folds ? ask(path('models', result.model, 'versions', String(result.version)), { signal }) : null), [result?.version]).value;
  if (!progress.folds) return null;
  const ended = result?.folds || over;
  const curves = card ? curvesOf(card) : [...live.values()];
  const series = curves.filter((each) => each.xs.length > 1).map((each) => ({
    name: each.member ? `member ${each.member}, fold ${each.fold}` : `fold ${each.fold}`, colour: COLOURS[((each.member ?? 1) - 1) % COLOURS.length], dash: DASHES[Math.floor(((each.member ?? 1) - 1) / COLOURS.length) % DASHES.length],
    ...logged(each) }));
  return html`
    ${series.length > 0 && html`<${Card} title="Loss of each fold" about="On the rows that the fold holds out, as powers of ten. A colour is a member of the mix.">
      <div class="thin"><${Plot} title="Validation losses of the folds over epochs" series=${series} width=${1100} height=${300} x=${{ name: 'epoch' }} y=${{ name: 'log10 of the loss' }} legend=${false}/></div><//>`}
    <${Card} title="Folds" about="Each network learns from some of the rows and is measured on the others.">
      <${UnderWay} folds=${progress.folds.underWay}/>
      ${ended.length > 0 && html`<${Ended} folds=${ended} weights=${card?.ensemble?.members}/>`}
      ${!ended.length && !progress.folds.underWay?.length && html`<p class="about">None has begun.</p>`}
    <//>`;
}

/** Grows the line of a fold with what it was last seen at. */
export function follow(live, { member, fold, epoch, validationLoss }) {
  const key = `${member}.${fold}`;
  if (!live.has(key)) live.set(key, { member, fold, xs: [], ys: [] });
  const { xs, ys } = live.get(key);
  if (typeof validationLoss === 'number' && !(epoch <= xs[xs.length - 1])) {
    xs.push(epoch);
    ys.push(validationLoss);
  }
}

function logged({ xs, ys }) {
  const at = thinned(xs.length, POINTS).filter((i) => ys[i] > 0);
  return { xs: at.map((i) => xs[i]), ys: at.map((i) => Math.log10(ys[i])) };
}

function curvesOf(card) {
  const members = card.ensemble?.members || (card.bagging ? [{ folds: card.bagging.folds }] : []);
  return members.flatMap(({ member, folds = [] }) => folds.filter((fold) => fold.history).map((fold) => ({
    member, fold: fold.fold, xs: fold.history.map((epoch) => epoch.epoch), ys: fold.history.map((epoch) => epoch.validationLoss) })));
}

const UnderWay = ({ folds }) => folds?.length ? html`<ul class="underway">${folds.map((fold) => html`<li>
  <span>${fold.member ? `member ${fold.member}, ` : ''}fold ${fold.fold}</span><progress max=${fold.epochs} value=${fold.epoch} aria-label=${`epoch ${fold.epoch} of ${fold.epochs}`}></progress>
  <span class="about">epoch ${count(fold.epoch)} of ${count(fold.epochs)}</span></li>`)}</ul>` : null;

function Ended({ folds, weights }) {
  const names = Object.keys(folds[0].metrics || {}).filter((name) => name !== 'loss');
  const weightOf = (member) => weights?.find((each) => each.member === member)?.weight;
  const total = (weights || []).reduce((sum, each) => sum + each.weight, 0) || 1;
  return html`<${Table} name="Folds that have ended" heads=${['Fold', '>Rows', '>Epochs', '>Best', ...names.map((name) => `>${label(name)}`), ...(weights ? ['>Weight in the mix'] : [])]}
    rows=${folds.map((fold) => [
      html`${fold.member ? html`<span class="swatch ${COLOURS[(fold.member - 1) % COLOURS.length]}"></span>member ${fold.member}, ` : ''}fold ${fold.fold}`,
      count(fold.rows), count(fold.epochs), count(fold.bestEpoch), ...names.map((name) => metric(name, fold.metrics[name])),
      ...(weights ? [percent((weightOf(fold.member) ?? 0) / total, 0)] : [])])}/>`;
}

const LAYER_POINTS = 120;
const RECENT = 0.2;

const FIGURES = [
  ['updateToWeight', 'Step to weight', 'log10 of how large a step is beside the weights; about -3 is healthy.'],
  ['mean', 'Activation', 'Its mean, and one standard deviation around it.'],
  ['dead', 'Dead units', 'Share of units that answer 0 for every row.'],
];

export function LayerCharts({ history }) {
  const told = history.filter((each) => each.layers);
  if (told.length < 2) return null;
  const seen = thinned(told.length, LAYER_POINTS).map((i) => told[i]);
  const names = seen[0].layers.map((each) => each.layer);
  const xs = seen.map((each) => each.epoch);
  const of = (name, figure) => seen.map(({ layers }) => layers.find((each) => each.layer === name)?.[figure] ?? null);
  return html`<${Card} title="Layers" about="One mini-batch of each epoch. The scale is that of the last fifth, so that what happens now can be seen.">
    ${FIGURES.map(([figure, title, about]) => {
      const range = (some) => rangeOf(some.map((name) => [of(name, figure), figure === 'mean' ? of(name, 'std') : null]), figure);
      const shared = range(names);
      return html`<div class="layer-figure"><h3>${title}</h3><p class="about">${about}</p><div class="multiples">${names.map((name) => {
        const ys = of(name, figure);
        const [from, to] = figure === 'mean' ? range([name]) : shared;
        const std = figure === 'mean' ? of(name, 'std') : null;
        const band = std && { xs, low: ys.map((y, i) => clip(y - std[i], from, to)), high: ys.map((y, i) => clip(y + std[i], from, to)) };
        return html`<div><h4 title=${name}>${name} <small>${number(ys[ys.length - 1], 3)}</small></h4>
          <${Plot} title=${`${title} of ${name} over epochs`} table=${false} width=${260} height=${130} x=${{}} y=${{ from, to }} band=${band}
            series=${[{ xs, ys: ys.map((y) => (y === null ? null : clip(y, from, to))), colour: 'c1' }]}/></div>`;
      })}</div><${Behind} name=${title} columns=${['epoch', ...names]} rows=${xs.length} row=${(i) => [xs[i], ...names.map((name) => number(of(name, figure)[i]))]}/></div>`;
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
