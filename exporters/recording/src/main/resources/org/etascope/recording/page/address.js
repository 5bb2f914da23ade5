/* What was chosen on the page stands in its address, so that a link shows the same. */

const DEFAULTS = { run: null, x: 'log', from: null, to: null, with: [], base: null, at: 'tokens', sort: '-start', find: '', eta: 'log' };

export const X_AXES = { log: 'tokens, logarithmic', tokens: 'tokens', steps: 'steps', time: 'time' };

function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  const number = (name) => (given.has(name) && Number.isFinite(Number(given.get(name))) ? Number(given.get(name)) : null);
  const text = (name) => given.get(name) ?? DEFAULTS[name];
  return {
    run: text('run'), base: text('base'), with: given.getAll('with').slice(0, 6), find: text('find'), sort: text('sort'),
    x: X_AXES[given.get('x')] ? given.get('x') : DEFAULTS.x,
    from: number('from'), to: number('to'),
    at: ['tokens', 'time', 'energy'].includes(given.get('at')) ? given.get('at') : DEFAULTS.at,
    eta: given.get('eta') === 'linear' ? 'linear' : 'log',
  };
}

export const chosen = read();

/** Chooses something. Another run is a step that "back" takes back; the rest is not worth one. */
export function choose(change) {
  const step = 'run' in change && change.run !== chosen.run;
  Object.assign(chosen, change);
  const address = new URLSearchParams();
  for (const [name, value] of Object.entries(chosen)) {
    if (Array.isArray(value)) value.forEach((one) => address.append(name, one));
    else if (value !== null && value !== DEFAULTS[name]) address.set(name, String(value));
  }
  const hash = '#' + address.toString().replaceAll('+', '%20');
  if (step) location.hash = hash;
  else history.replaceState(history.state, '', hash);
}

/** Takes over what a link or "back" has put into the address. */
export function readAgain() {
  Object.assign(chosen, read());
}
