// The fields of a row, and the answer to it.
import { html, useState } from '../vendor/preact.js';
import { Bars } from '../chart/bars.js';
import { targetText } from '../model/model.js';
import { firstValue, slider } from './ask.js';
import { number, percent } from '../ui/format.js';
import { Card, Name, Select, useFound, useSome, Warnings } from '../ui/parts.js';

const MOST = 24;
const FEW = 4;

export function Inputs({ card, names, row, onRow }) {
  const [found, search] = useFound(names);
  const [shown, more] = useSome(found, MOST);
  if (Array.isArray(row)) return html`<${Numbers} row=${row} onRow=${onRow}/>`;
  const features = new Map(card.input.features.map((each) => [each.name, each]));
  const put = (name, value) => onRow({ ...row, [name]: value });
  return html`
    ${names.length > MOST && search}
    <div class="inputs">${shown.map((name) => html`<${Input} key=${name} feature=${features.get(name)} typical=${card.typicalRow} value=${row[name]} onPut=${(value) => put(name, value)}/>`)}</div>
    ${more}`;
}

function Input({ feature, typical, value, onPut }) {
  const missing = value === null;
  const text = `input-${feature.name}`;
  return html`<div class="input ${missing ? 'missing' : ''}">
    <label for=${text}><${Name} text=${feature.name}/></label>
    ${feature.nullable && html`<label class="check"><input type="checkbox" checked=${missing} onChange=${(event) => onPut(event.target.checked ? null : firstValue(feature, typical))}/>missing</label>`}
    <div class="control">${feature.categories || feature.type === 'boolean' ? html`<${Picker} id=${text} feature=${feature} value=${value} onPut=${onPut}/>`
      : feature.type === 'date' ? html`<input id=${text} value=${value ?? ''} disabled=${missing} placeholder=${feature.format || ''} onChange=${(event) => onPut(event.target.value)}/>`
      : html`<${Slider} id=${text} feature=${feature} value=${value} onPut=${onPut}/>`}</div>
  </div>`;
}

function Slider({ id, feature, value, onPut }) {
  const { min, max, step } = slider(feature);
  const disabled = value === null;
  const outside = !disabled && (value < min || value > max);
  return html`<input type="range" tabindex="0" aria-label=${`${feature.name}, slider`} min=${min} max=${max} step=${step} value=${disabled ? min : value} disabled=${disabled} onInput=${(event) => onPut(Number(event.target.value))}/>
    <${NumberIn} id=${id} value=${value} outside=${outside} onPut=${onPut}/>
    <small>${number(min)} to ${number(max)}${outside ? ', which this is outside of' : ''}</small>`;
}

/** Keeps the text while it is written, since half a number is none. */
function NumberIn({ id, value, outside, onPut }) {
  const [text, setText] = useState(null);
  const put = (event) => {
    setText(event.target.value);
    const next = Number(event.target.value.replace(',', '.'));
    if (event.target.value.trim() && Number.isFinite(next)) onPut(next);
  };
  return html`<input id=${id} inputmode="decimal" class=${outside ? 'outside' : ''} value=${text ?? value ?? ''} disabled=${value === null} onInput=${put} onBlur=${() => setText(null)}/>`;
}

function Picker({ id, feature, value, onPut }) {
  const options = feature.categories || [false, true];
  const missing = value === null;
  if (options.length > FEW) {
    return html`<${Select} id=${id} disabled=${missing} value=${options.indexOf(value)} options=${options.map((each, i) => [i, String(each)])} onChange=${(i) => onPut(options[i])}/>`;
  }
  return html`<div class="pick" role="group" aria-label=${feature.name}>${options.map((each, i) => html`
    <button id=${i ? null : id} class=${each === value ? 'on' : ''} aria-pressed=${each === value} disabled=${missing} onClick=${() => onPut(each)}>${String(each)}</button>`)}</div>`;
}

const Numbers = ({ row, onRow }) => html`<div class="inputs numbers">${row.map((value, i) => html`<label class="field"><span>input ${i + 1}</span>
  <${NumberIn} value=${value} onPut=${(next) => onRow(row.map((each, j) => (j === i ? next : each)))}/></label>`)}</div>`;

export function Answer({ card, answer }) {
  if (!answer) return html`<${Card} title="Answer"><p class="loading">…</p><//>`;
  const target = targetText(card.target) || 'Answer';
  return html`<${Card} title=${target} kind="answer">
    <div aria-live="polite"><${Said} answer=${answer}/></div>
    ${answer.set && html`<p class="about">9 times out of 10 it is ${answer.set.length > 1 ? 'one of ' : ''}<b>${answer.set.map(String).join(', ')}</b></p>`}
    ${Array.isArray(answer.interval) && html`<${Interval} value=${answer.prediction} interval=${answer.interval}/>`}
    ${answer.probabilities && html`<${Probabilities} probabilities=${answer.probabilities} prediction=${answer.prediction}/>`}
    <${Warnings} warnings=${answer.warnings} title="Mind"/>
  <//>
  ${answer.explanation && (answer.explanation.contributions ? html`<${Explanation} explanation=${answer.explanation}/>`
    : Object.entries(answer.explanation).map(([name, each]) => html`<${Explanation} of=${name} explanation=${each}/>`))}`;
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

/** @param of the target that is explained, if there are several */
function Explanation({ of: target, explanation }) {
  const { contributions, baseline, answer } = explanation;
  const rows = Object.entries(contributions).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).map(([name, value]) => ({ name, value }));
  const of = explanation.class === undefined || explanation.class === null ? '' : ` for ${explanation.class}`;
  const title = `What pushed ${target ?? 'it'} there`;
  if (rows.every((row) => row.value === 0)) return html`<${Card} title=${title} about="Nothing: this is a typical row. Change it and see."/>`;
  return html`<${Card} title=${title}
    about=${of ? `In log-odds${of}. A typical row has ${number(baseline, 3)}, this one ${number(answer, 3)}.` : `A typical row is answered ${number(baseline)}, this one ${number(answer)}.`}>
    <${Bars} title=${title} rows=${rows} most=${10} text=${(value) => `${value > 0 ? '+' : ''}${number(value, 3)}`}/><//>`;
}
