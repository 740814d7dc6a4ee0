// Curves over epochs, drawn by uPlot.
import { html, useEffect, useRef } from '../vendor/preact.js';
import { number } from '../ui/format.js';
import { Behind } from '../ui/parts.js';

const { uPlot } = window;

// Epochs are whole.
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/** A colour of the style sheet as the canvas wants it. */
function colour(element, name) {
  const probe = document.createElement('i');
  probe.className = `probe ${name}`;
  element.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/**
 * @param data `[xs, ys, ys…]`; the same arrays may grow, then `length` tells of it
 * @param series for each ys `{name, colour, dash, width, text}`
 * @param mark an x that is pointed out, with `markText`
 */
export function Lines({ title, data, series, length, log = false, mark, markText, height = 300, xName = 'epoch' }) {
  const place = useRef(null);
  const chart = useRef(null);
  const marked = useRef(null);
  marked.current = { mark, markText };
  const shape = JSON.stringify([series, log, height]);
  useEffect(() => {
    const element = place.current;
    const build = () => {
      chart.current?.destroy();
      chart.current = new uPlot(options(element, series, log, height, xName, marked), data, element);
    };
    build();
    const sized = new ResizeObserver(() => chart.current.setSize({ width: element.clientWidth, height }));
    sized.observe(element);
    const theme = matchMedia('(prefers-color-scheme: dark)');
    theme.addEventListener('change', build);
    window.addEventListener('theme', build);
    return () => {
      sized.disconnect();
      theme.removeEventListener('change', build);
      window.removeEventListener('theme', build);
      chart.current.destroy();
      chart.current = null;
    };
  }, [shape]);
  useEffect(() => {
    chart.current?.setData(data, true);
  }, [length, mark, data]);
  return html`<figure class="lines">
    <div ref=${place} class="canvas" tabindex="0" role="img" aria-label=${`${title}. Arrow keys read its values.`} style=${{ minHeight: `${height + 30}px` }}
      onKeyDown=${(event) => walk(chart.current, event)}></div>
    <${Behind} name=${title} columns=${[xName, ...series.map((each) => each.name)]} rows=${data[0].length}
      row=${(i) => data.map((values, s) => (s ? number(values[i], 6) : values[i]))}/>
  </figure>`;
}

function options(element, series, log, height, xName, marked) {
  const ink = colour(element, 'soft');
  const grid = { stroke: colour(element, 'faint'), width: 1 };
  const lines = log ? { ...grid, filter: powers } : grid;
  const axis = { stroke: ink, grid, ticks: grid, font: '12px system-ui, sans-serif' };
  return {
    width: element.clientWidth || 600,
    height,
    cursor: { points: { size: 7 }, drag: { x: true, y: false } },
    legend: { live: true },
    scales: { x: { time: false }, y: log ? { distr: 3, log: 10 } : {} },
    axes: [
      { ...axis, incrs: WHOLE, label: xName, labelSize: 18, labelFont: '12px system-ui, sans-serif', size: 34 },
      { ...axis, grid: lines, ticks: lines, size: 64, values: (_, splits) => splits.map((value) => (value === null ? '' : number(value, 3))) },
    ],
    series: [
      { label: xName, value: (_, value) => (value === null ? '–' : value) },
      ...series.map((each) => ({
        label: each.name,
        stroke: colour(element, each.colour),
        width: each.width || 2,
        dash: each.dash || [],
        points: { show: each.points === true },
        spanGaps: true,
        value: (_, value) => (value === null ? '–' : number(value, 5)),
      })),
    ],
    hooks: {
      draw: [(plot) => drawMark(plot, ink, marked.current)],
      setData: [showLast],
      ready: [showLast],
      setCursor: [(plot) => { if (plot.cursor.left < 0) showLast(plot); }],
    },
  };
}

/** While nobody points at a value, the legend has the latest. */
function showLast(plot) {
  if (plot.data[0].length && !(plot.cursor.left >= 0)) plot.setLegend({ idx: plot.data[0].length - 1 }, false);
}

/** Of a log scale, the powers of ten. */
const powers = (_, splits) => splits.map((value) => (Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6) ? value : null));

function drawMark(plot, ink, { mark, markText }) {
  if (mark === null || mark === undefined) return;
  const { ctx, bbox } = plot;
  const x = plot.valToPos(mark, 'x', true);
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = ink;
  ctx.fillStyle = ink;
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.font = `${12 * ratio}px system-ui, sans-serif`;
  const right = x > bbox.left + bbox.width * 0.7;
  ctx.textAlign = right ? 'right' : 'left';
  ctx.textBaseline = 'top';
  ctx.fillText(markText, x + (right ? -6 : 6) * ratio, bbox.top + 4 * ratio);
  ctx.restore();
}

/** Moves the cursor by arrow keys, as the mouse does. */
function walk(plot, event) {
  const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity }[event.key];
  if (!plot || step === undefined) return;
  event.preventDefault();
  const last = plot.data[0].length - 1;
  const now = plot.cursor.idx ?? (step > 0 ? -1 : last + 1);
  const next = Math.max(0, Math.min(last, now + step));
  const y = plot.data.slice(1).map((values) => values[next]).find((value) => value !== null && value !== undefined);
  plot.setCursor({ left: plot.valToPos(plot.data[0][next], 'x'), top: y === undefined ? 10 : plot.valToPos(y, 'y') });
}
