// What a version answers to a row, how sure it is, and what pushed it there.
import { html } from '../vendor/preact.js';
import { number, percent } from '../ui/format.js';
import { Card, Loading, Name, Warnings } from '../ui/parts.js';
import { targetText } from '../model/target.js';
import { Bars } from '../chart/bars.js';

export function Answer({ card, answer }) {
  if (!answer) return html`<${Card} title="Answer"><${Loading} what="Asking"/><//>`;
  const target = targetText(card.target) || 'Answer';
  return html`<${Card} title=${target} kind="answer">
    <div aria-live="polite"><${Said} answer=${answer}/></div>
    ${answer.set && html`<p class="about">9 times out of 10 it is one of: <b>${answer.set.map(String).join(', ')}</b></p>`}
    ${Array.isArray(answer.interval) && html`<${Interval} value=${answer.prediction} interval=${answer.interval}/>`}
    ${answer.probabilities && html`<${Probabilities} probabilities=${answer.probabilities} prediction=${answer.prediction}/>`}
    <${Warnings} warnings=${answer.warnings} title="Mind"/>
  <//>
  ${answer.explanation && html`<${Explanation} explanation=${answer.explanation}/>`}`;
}

function Said({ answer }) {
  if (answer.outputs) return html`<ol class="outputs">${answer.outputs.map((each) => html`<li>${number(each, 5)}</li>`)}</ol>`;
  if (answer.quantiles) return html`<p class="said">${number(answer.prediction, 6)}</p><table class="plain"><tbody>${Object.entries(answer.quantiles).map(([tau, value]) => html`<tr><th scope="row">${tau}</th><td class="value">${number(value, 6)}</td></tr>`)}</tbody></table>`;
  if (answer.prediction !== null && typeof answer.prediction === 'object') {
    return html`<table class="plain"><tbody>${Object.entries(answer.prediction).map(([name, value]) => html`<tr><th scope="row"><${Name} text=${name}/></th><td class="value"><b>${typeof value === 'number' ? number(value, 6) : String(value)}</b>
      ${answer.interval?.[name] && html`<small> ${number(answer.interval[name][0])} to ${number(answer.interval[name][1])}</small>`}</td></tr>`)}</tbody></table>`;
  }
  return html`<p class="said">${typeof answer.prediction === 'number' ? number(answer.prediction, 6) : String(answer.prediction)}</p>`;
}

function Interval({ value, interval: [low, high] }) {
  const place = 100 * ((value - low) / (high - low || 1));
  return html`<div class="interval-line"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="4" y="3"/><rect class="at" x=${place - 0.5} width="1" height="10"/></svg>
    <p class="ends"><span>${number(low)}</span><span>9 times out of 10 it is between</span><span>${number(high)}</span></p></div>`;
}

const Probabilities = ({ probabilities, prediction }) => html`<${Bars} title="Probabilities" from=${0} to=${1} most=${8} text=${(value) => percent(value)}
  rows=${Object.entries(probabilities).sort((a, b) => b[1] - a[1]).map(([name, value]) => ({ name, value, strong: name === String(prediction) }))}/>`;

function Explanation({ explanation }) {
  const { contributions, baseline, answer } = explanation;
  const rows = Object.entries(contributions).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).map(([name, value]) => ({ name, value }));
  const of = explanation.class === undefined || explanation.class === null ? '' : ` for ${explanation.class}`;
  return html`<${Card} title="What pushed it there"
    about=${of ? `In log-odds${of}. A typical row has ${number(baseline, 3)}, this one ${number(answer, 3)}.` : `A typical row is answered ${number(baseline)}, this one ${number(answer)}.`}>
    <${Bars} title="Contributions" rows=${rows} most=${10} text=${(value) => `${value > 0 ? '+' : ''}${number(value, 3)}`}/><//>`;
}
