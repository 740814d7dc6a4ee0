// Which columns matter, and how the answer moves with one or two of them.
import { html } from '../vendor/preact.js';
import { change } from '../http/route.js';
import { count, label, number, part } from '../ui/format.js';
import { Card } from '../ui/parts.js';
import { Bars } from '../chart/bars.js';
import { Dependence } from './dependence.js';
import { AnswerField } from './field.js';

export function Why({ card, query }) {
  if (card.input.type !== 'columns') return html`<${Card} title="Why"><p class="about">This model takes bare numbers, which have no columns to speak of.</p><//>`;
  const names = ordered(card);
  return html`
    <div class="two">
      <${Importance} card=${card}/>
      <${Dependence} card=${card} query=${query} names=${names}/>
    </div>
    <${AnswerField} card=${card} query=${query} names=${names}/>`;
}

/** The features, those first that matter most. */
export function ordered(card) {
  const means = new Map((card.importance?.columns || []).map((each) => [each.column, each.mean]));
  return card.input.features.map((each) => each.name).sort((a, b) => (means.get(b) ?? 0) - (means.get(a) ?? 0));
}

export function Importance({ card }) {
  const { importance } = card;
  if (!importance?.columns?.length) {
    return html`<${Card} title="Which columns matter"><p class="about">It was not measured for this version: the training left it out, or had no rows that were held out.</p><//>`;
  }
  const rows = [...importance.columns].sort((a, b) => b.mean - a.mean).map(({ column, mean, std }) => ({ name: column, value: mean, spread: std }));
  return html`<${Card} title="Which columns matter"
    about=${`How much ${label(importance.metric)} falls if the cells of a column are shuffled, on ${count(importance.rows)} rows (${part(importance.part).toLowerCase()}), ${count(importance.shuffles)} times.`}>
    <${Bars} title="Which columns matter" rows=${rows} text=${(value) => number(value, 3)}/>
    <p class="about">Columns that say the same share what they are worth.</p><//>`;
}

export const columnSelect = ({ text, name, value, names }) => html`<label class="field"><span>${text}</span>
  <select value=${value} onChange=${(event) => change({ [name]: event.target.value })}>${names.map((each) => html`<option value=${each} selected=${each === value}>${each}</option>`)}</select></label>`;
