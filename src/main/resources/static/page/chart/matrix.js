// Which classes are taken for which: a table whose cells are the darker, the more of a row they hold.
import { html } from '../vendor/preact.js';
import { count, percent } from '../ui/format.js';

const NAMED = 16;

/**
 * @param classes labels, in the order of rows and columns
 * @param matrix counts by actual class, then by answered class
 * @param onCell is told `(actual, answered)` of a cell that is asked for; null if cells answer nothing
 */
export function Matrix({ classes, matrix, onCell }) {
  const many = classes.length > NAMED;
  return html`<div>
    <div class="scroll matrix ${many ? 'many' : ''}" tabindex="0" role="region" aria-label="Confusion matrix">
      <table>
        <caption>rows: what it is · columns: what was answered</caption>
        <thead><tr><td></td>${classes.map((name) => html`<th scope="col" title=${String(name)}><span>${String(name)}</span></th>`)}</tr></thead>
        <tbody>${matrix.map((row, i) => {
          const sum = row.reduce((a, b) => a + b, 0) || 1;
          return html`<tr><th scope="row" title=${String(classes[i])}><span>${String(classes[i])}</span></th>
            ${row.map((cell, j) => html`<${Cell} cell=${cell} share=${cell / sum} right=${i === j} many=${many}
              title=${`${count(cell)} of ${count(sum)} of ${classes[i]} (${percent(cell / sum)}) answered as ${classes[j]}`}
              onAsk=${onCell && cell ? () => onCell(i, j) : null}/>`)}</tr>`;
        })}</tbody>
      </table>
    </div>
    ${many && html`<${Confusions} classes=${classes} matrix=${matrix}/>`}
  </div>`;
}

const LEVELS = 10;

function Cell({ cell, share, right, many, title, onAsk }) {
  const level = cell ? Math.max(1, Math.ceil(share * LEVELS)) : 0;
  const text = many ? '' : count(cell);
  return html`<td class="${right ? 'right' : 'wrong'} l${level}" title=${title}>
    ${onAsk && !many ? html`<button type="button" onClick=${onAsk} aria-label=${`${title}; show rows`}>${text}</button>` : text}</td>`;
}

const WORST = 10;

/** Of many classes, the pairs that are taken for each other most. */
function Confusions({ classes, matrix }) {
  const pairs = [];
  matrix.forEach((row, i) => row.forEach((cell, j) => i !== j && cell && pairs.push([cell, classes[i], classes[j]])));
  pairs.sort((a, b) => b[0] - a[0]);
  if (!pairs.length) return null;
  return html`<h3>Most frequent mistakes</h3><table class="plain">
    <thead><tr><th scope="col">It is</th><th scope="col">Answered</th><th scope="col" class="value">Rows</th></tr></thead>
    <tbody>${pairs.slice(0, WORST).map(([cell, actual, answered]) => html`<tr><td>${String(actual)}</td><td>${String(answered)}</td><td class="value">${count(cell)}</td></tr>`)}</tbody>
  </table>`;
}
