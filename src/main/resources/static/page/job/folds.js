// The networks of a training that has several: each fold's curve, thin, and what came of it.
import { html } from '../vendor/preact.js';
import { ask, path } from '../http/api.js';
import { useLoaded } from '../http/hooks.js';
import { count, label, metric, percent } from '../ui/format.js';
import { Card } from '../ui/parts.js';
import { Plot } from '../chart/plot.js';
import { COLOURS, DASHES, thinned } from '../chart/scale.js';

const POINTS = 120;

export function Folds({ training, live }) {
  const { result, progress } = training;
  const card = useLoaded((signal) => (result && progress.folds ? ask(path('models', result.model, 'versions', String(result.version)), { signal }) : null), [result?.version]).value;
  if (!progress.folds) return null;
  const ended = result?.folds || live.ended;
  const curves = card ? curvesOf(card) : [...live.epochs].map(([key, history]) => ({ member: Number(key.split('.')[0]), name: key, xs: history.epoch, ys: history.columns.validationLoss || [] }));
  const series = curves.filter((each) => each.xs.length > 1).map((each) => ({
    name: '', title: each.name, colour: COLOURS[(each.member - 1) % COLOURS.length], dash: DASHES[Math.floor((each.member - 1) / COLOURS.length) % DASHES.length],
    ...logged(each) }));
  return html`
    ${series.length > 0 && html`<${Card} title="Loss of each fold" about="On the rows that the fold holds out, as powers of ten. A colour is a member of the mix.">
      <div class="thin"><${Plot} title="Validation losses of the folds over epochs" series=${series} width=${900} height=${300} x=${{ name: 'epoch' }} y=${{ name: 'log10 of the loss' }} table=${false}/></div><//>`}
    <${Card} title="Folds" about="Each network learns from some of the rows and is measured on the others.">
      <${UnderWay} folds=${progress.folds.underWay}/>
      ${ended.length > 0 && html`<${Ended} folds=${ended} weights=${card?.ensemble?.members}/>`}
      ${!ended.length && !progress.folds.underWay?.length && html`<p class="about">None has begun.</p>`}
    <//>`;
}

function logged({ xs, ys }) {
  const at = thinned(xs.length, POINTS).filter((i) => ys[i] > 0);
  return { xs: at.map((i) => xs[i]), ys: at.map((i) => Math.log10(ys[i])) };
}

function curvesOf(card) {
  const members = card.ensemble?.members || (card.bagging ? [{ member: 1, folds: card.bagging.folds }] : []);
  return members.flatMap(({ member, folds = [] }) => folds.filter((fold) => fold.history).map((fold, i) => ({
    member, name: `member ${member}, fold ${i + 1}`, xs: fold.history.map((epoch) => epoch.epoch), ys: fold.history.map((epoch) => epoch.validationLoss) })));
}

const UnderWay = ({ folds }) => folds?.length ? html`<ul class="underway">${folds.map((fold) => html`<li>
  <span>member ${fold.member}, fold ${fold.fold}</span><progress max=${fold.epochs} value=${fold.epoch} aria-label=${`epoch ${fold.epoch} of ${fold.epochs}`}></progress>
  <span class="about">epoch ${count(fold.epoch)} of ${count(fold.epochs)}</span></li>`)}</ul>` : null;

function Ended({ folds, weights }) {
  const names = Object.keys(folds[0].metrics || {}).filter((name) => name !== 'loss');
  const weightOf = (member) => weights?.find((each) => each.member === member)?.weight;
  const total = (weights || []).reduce((sum, each) => sum + each.weight, 0) || 1;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Folds that have ended"><table class="plain">
    <thead><tr><th scope="col">Fold</th><th scope="col" class="value">Rows</th><th scope="col" class="value">Epochs</th><th scope="col" class="value">Best</th>
      ${names.map((name) => html`<th scope="col" class="value">${label(name)}</th>`)}${weights && html`<th scope="col" class="value">Weight in the mix</th>`}</tr></thead>
    <tbody>${folds.map((fold) => html`<tr><th scope="row">${fold.member ? html`<span class="swatch ${COLOURS[(fold.member - 1) % COLOURS.length]}"></span>member ${fold.member}, ` : ''}fold ${fold.fold}</th>
      <td class="value">${count(fold.rows)}</td><td class="value">${count(fold.epochs)}</td><td class="value">${count(fold.bestEpoch)}</td>
      ${names.map((name) => html`<td class="value">${metric(name, fold.metrics[name])}</td>`)}
      ${weights && html`<td class="value">${percent((weightOf(fold.member) ?? 0) / total, 0)}</td>`}</tr>`)}</tbody>
  </table></div>`;
}
