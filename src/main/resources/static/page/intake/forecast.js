// What a training would take, before it begins.
import { html } from '../vendor/preact.js';
import { bytes, count, duration } from '../ui/format.js';

export function Forecast({ plan }) {
  const { value, fault } = plan;
  if (fault) {
    return html`<div class="note bad" role="alert"><p>${fault.message}</p></div>`;
  }
  if (!value) return html`<div class="forecast" aria-busy="true"><span class="about">Asking what it would take…</span></div>`;
  const { estimate, rows, target, network } = value;
  const task = target.task === 'classification'
    ? `${count(target.classes?.length ?? target.names?.length)} ${target.classes ? 'classes' : 'labels'}` : 'a number';
  return html`<div class="forecast" role="status" aria-live="polite">
    <div><b>about ${duration(estimate.seconds)}</b><small>once it begins</small></div>
    <div><b>${bytes(estimate.memoryBytes)}</b><small>memory</small></div>
    <div><b>${count(rows.training)} rows</b><small>${rows.validation ? `${count(rows.validation)} to check on` : 'checked in folds'}</small></div>
    <div><b>${task}</b><small>${count(network.parameters)} parameters</small></div>
  </div>`;
}
