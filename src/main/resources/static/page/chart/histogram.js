// The shape of a column in a few pixels: equal parts of its range, or its most frequent texts.
import { html } from '../vendor/preact.js';
import { Name } from '../ui/parts.js';
import { number } from '../ui/format.js';

/** @param from, to, counts as `bins` gives them; `other` the counts of other rows, drawn as a line */
export function Histogram({ from, to, counts, other, title, width = 160, height = 40 }) {
  const most = Math.max(1, ...counts, ...(other || []));
  const step = width / counts.length;
  const text = title || `between ${number(from, 3)} and ${number(to, 3)}, ${counts.length} equal parts: ${counts.join(', ')}`;
  return html`<svg class="histogram" viewBox="0 0 ${width} ${height}" role="img" aria-label=${text} preserveAspectRatio="none">
    <title>${text}</title>
    ${counts.map((each, i) => html`<rect x=${i * step + 0.5} width=${Math.max(1, step - 1)} y=${height - (each / most) * height} height=${(each / most) * height}/>`)}
    ${other && html`<path class="line c2" d=${other.map((each, i) => `${i ? 'L' : 'M'}${(i * step).toFixed(1)} ${(height - (each / most) * height).toFixed(1)}h${step.toFixed(1)}`).join('')}/>`}
  </svg>`;
}

/** @param top each `{value, count}`; `rows` how many there are in all */
export function TopValues({ top, rows, most = 3 }) {
  const rest = top.slice(most).length;
  return html`<ul class="tops">
    ${top.slice(0, most).map(({ value, count }) => html`<li title=${`${value}: ${count} of ${rows} rows`}>
      <${Name} text=${value}/>
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect width=${(100 * count) / rows} height="6"/></svg>
      <span class="share">${Math.round((100 * count) / rows)} %</span></li>`)}
    ${rest > 0 && html`<li class="more">and more</li>`}
  </ul>`;
}

/** A line without axes, for a row of a table. */
export function Spark({ values, others, width = 120, height = 28, title }) {
  const all = [...values, ...(others || [])].filter((value) => value !== null && Number.isFinite(value));
  if (values.length < 2 || !all.length) return html`<span class="nospark" aria-hidden="true"></span>`;
  const low = Math.min(...all);
  const span = Math.max(...all) - low || 1;
  const path = (list) => list.map((value, i) => value === null || !Number.isFinite(value) ? ''
    : `${i ? 'L' : 'M'}${((i / (list.length - 1)) * width).toFixed(1)} ${(height - 2 - ((value - low) / span) * (height - 4)).toFixed(1)}`).join('');
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" role="img" aria-label=${title}>
    <title>${title}</title>
    <path class="line c1" d=${path(values)}/>${others && html`<path class="line c2" stroke-dasharray="4 2" d=${path(others)}/>`}
  </svg>`;
}
