// What a model predicts, in words. Bare numbers have no names.

/** The names of the columns that are predicted; none of bare numbers. */
export const targets = (target) => target?.names ?? [];

/** The name that stands for them all. */
export const targetText = (target) => targets(target).join(', ');

const MOST = 3;

export function predicts(target) {
  if (!target) return '';
  if (!target.names) return `predicts ${target.outputs === 1 ? 'a bare number' : `${target.outputs} bare numbers`}`;
  const names = target.names.length > MOST ? `${target.names.slice(0, MOST).join(', ')} and ${target.names.length - MOST} more` : targetText(target);
  return `predicts ${names}${target.classes ? `, one of ${target.classes.length} classes` : target.task === 'regression' ? ', a number' : ''}`;
}
