// Event streams by fetch, so that the key is a header. A stream that breaks is opened again and
// goes on where it was.
import { send } from './api.js';

const AGAIN_AFTER = 1500;

/**
 * Reads the events of a training until it has ended.
 *
 * @param id of the training
 * @param onEvents is given a list of `{event, data}`, all that came at once
 * @param signal ends the reading
 */
export async function watch(id, onEvents, signal) {
  let last = null;
  while (!signal.aborted) {
    try {
      const response = await send(`trainings/${encodeURIComponent(id)}/events`, {
        accept: 'text/event-stream',
        more: last === null ? {} : { 'Last-Event-ID': last },
        signal,
      });
      if (response.status === 204) return;
      for await (const events of read(response.body)) {
        for (const event of events) if (event.id !== undefined) last = event.id;
        onEvents(events);
        if (events.some((event) => event.event === 'end')) return;
      }
    } catch (fault) {
      if (signal.aborted || (fault.status >= 400 && fault.status < 500 && fault.status !== 429)) return;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER));
  }
}

async function* read(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split('\n\n');
    text = blocks.pop();
    const events = blocks.map(parse).filter((event) => event.data !== undefined);
    if (events.length) yield events;
  }
}

function parse(block) {
  const event = { event: 'message' };
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).trimStart();
    const field = line.slice(0, colon);
    if (field === 'data') event.data = JSON.parse(value);
    else event[field] = value;
  }
  return event;
}
