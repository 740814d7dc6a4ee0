// The losses over epochs, the figure that people understand, and the learning rate.
import { html, useState } from '../vendor/preact.js';
import { Card } from '../ui/parts.js';
import { Lines } from '../chart/lines.js';
import { isOver } from './figures.js';

export function Curves({ history, best, training }) {
  const [chosen, setLog] = useState(null);
  if (!history.length) {
    return training.progress.folds ? null : html`<${Card} title="Loss"><div class="waiting">
      <p class="about">${isOver(training) ? 'No epoch has ended.' : training.state === 'queued' ? 'It waits for its turn; the curve begins with its first epoch.' : 'The first epoch has not ended yet.'}</p></div><//>`;
  }
  const { epoch, columns } = history;
  const held = columns.validationLoss;
  const mark = best ?? (held ? epoch[lowest(held)] : null);
  const log = chosen ?? isSteep(columns.trainLoss);
  const score = columns.validationAccuracy ? ['validationAccuracy', 'Accuracy'] : columns.validationRmse ? ['validationRmse', 'RMSE, in units of the target'] : null;
  return html`
    <${Card} title="Loss" aside=${html`<label class="check"><input type="checkbox" checked=${log} onChange=${(event) => setLog(event.target.checked)}/>log scale</label>`}>
      <${Lines} title="Training and validation loss over epochs" data=${[epoch, columns.trainLoss, ...(held ? [held] : [])]} length=${history.length} log=${log}
        series=${[{ name: 'training', colour: 'c1' }, ...(held ? [{ name: 'validation', colour: 'c2', dash: [7, 4] }] : [])]} mark=${mark} markText=${`best: ${mark}`}/>
    <//>
    <div class="two">
      ${score && html`<${Card} title=${score[1]} about="On the rows that are held out.">
        <${Lines} title=${`${score[1]} over epochs`} data=${[epoch, columns[score[0]]]} length=${history.length} height=${180}
          series=${[{ name: 'validation', colour: 'c3' }]} mark=${mark} markText=""/><//>`}
      <${Card} title="Learning rate" about="At the first step of each epoch.">
        <${Lines} title="Learning rate over epochs" data=${[epoch, columns.learningRate]} length=${history.length} height=${180}
          series=${[{ name: 'learning rate', colour: 'c4' }]}/><//>
    </div>`;
}

const LONG = 200;
const STEEP = 300;

/** Whether so much of the fall is at the beginning that what comes later could not be seen. */
const isSteep = (losses) => losses.length > LONG && losses[losses.length - 1] > 0 && Math.max(losses[0], losses[1]) / losses[losses.length - 1] > STEEP;

function lowest(values) {
  let place = 0;
  values.forEach((value, i) => { if (value !== null && (values[place] === null || value < values[place])) place = i; });
  return place;
}
