/* The line of time: the whole run in small, what happened on it, and the part that the charts show. */

import { chosen } from './address.js';
import { chart, colours, draw, faint, line, point, table, xAt, xOf, zoom } from './charts.js';
import { spans } from './curves.js';
import { amount, byId, clock, exact, keyed, known, make, setText, unitOf } from './words.js';

const STRIP = chart('strip', { tight: true, strip: true, drawn: placeAll });

/** Symbol and word of what can happen; never told apart by colour alone. */
const KINDS = {
  training: ['\u25b8', 'learning'], saturated: ['\u2013', 'flat'], initial: ['\u25b8', 'begins'],
  fell: ['\u2193', 'fell'], risen: ['\u2191', 'risen'], blow_up: ['\u26a0', 'blow-up'], recovered: ['\u21b5', 'recovered'], accepted: ['=', 'accepted'],
  non_finite: ['\u2715', 'not finite'], learning_rate: ['\u03bb', 'learning rate'], saved: ['\u25a0', 'saved'], new_segment: ['\u2192', 'new segment'],
  resumed: ['\u2192', 'resumed'], validation: ['\u25cb', 'validation'],
};
const BAD = ['risen', 'blow_up', 'non_finite'];

/** All that happened, in order. */
export function happenings(run) {
  const list = [
    ...run.events.map((event) => ({ kind: event.event || event.phase, tokens: event.tokens, step: event.step, seconds: event.seconds, words: event.sentence })),
    ...(run.marks || []).map((mark) => ({ kind: mark.kind, tokens: mark.tokens, step: mark.first_step, seconds: mark.seconds, words: mark.sentence, count: mark.count })),
  ];
  // A phase that an event of the level has ended is told with that event.
  const told = list.filter((one, i) => !(i > 0 && one.words === list[i - 1].words && one.tokens === list[i - 1].tokens));
  const { seconds, tokens, steps } = run.series;
  const resumed = seconds.findIndex((time) => known(time) && time >= run.run_start_timestamp_seconds);
  if (resumed > 0) {
    told.push({ kind: 'resumed', tokens: tokens[resumed - 1], step: steps[resumed - 1], seconds: run.run_start_timestamp_seconds, words: 'went on in a new process' });
  }
  told.forEach((one) => { one.unit = unitOf(run); });
  return told.sort((a, b) => a.tokens - b.tokens || (a.seconds || 0) - (b.seconds || 0));
}

const titleOf = (one) => `${one.words}; ${amount(one.tokens)} ${one.unit}s${known(one.step) ? ', step ' + exact(one.step) : ''}${known(one.seconds) ? ', ' + clock(one.seconds) : ''}`;

function tell(one) {
  setText(byId('happening'), one ? titleOf(one) : hint);
  point(one ? one.x : null);
}

let hint = '';

/** Validations are many: small rings without words of their own, those of a look with a cursor. */
function validations(run) {
  const { tokens, loss_nats: losses } = run.validation_series;
  return tokens.map((at, i) => ({ kind: 'validation', tokens: at, words: `validation loss ${known(losses[i]) ? losses[i].toFixed(3) : 'not finite'} nats`, unit: unitOf(run) })).slice(-200);
}

export function showTimeline(run) {
  const { series } = run;
  STRIP.spans = spans(run);
  draw(STRIP, [line('current L', table(run, [series.current_loss_nats]), colours.green, { width: 1.5 })]);
  const all = [...happenings(run), ...validations(run)];
  all.forEach((one) => { one.x = xAt(run, one.tokens); });
  hint = all.length ? '' : 'Nothing has happened beside the training itself.';
  const lane = byId('lane');
  keyed(lane, all, (one) => one.kind + one.tokens, () => {
    const button = make('button');
    button.type = 'button';
    return button;
  }, (button, one) => {
    const [symbol] = KINDS[one.kind] || ['\u25c6'];
    setText(button, symbol);
    button.className = 'event ' + one.kind + (BAD.includes(one.kind) ? ' bad' : '');
    const title = titleOf(one);
    if (button.title !== title) {
      button.title = title;
      button.setAttribute('aria-label', title);
    }
    button.tabIndex = -1;
    button.onfocus = () => tell(one);
    button.onmouseenter = () => tell(one);
    button.onmouseleave = () => tell(null);
    button.onblur = () => tell(null);
    button.dataset.x = String(one.x);
  });
  if (lane.firstElementChild && !lane.contains(document.activeElement)) lane.lastElementChild.tabIndex = 0;
  keyed(byId('happened-list'), [...happenings(run)].reverse(), (one) => one.kind + one.tokens, () => make('li'), (item, one) => setText(item, titleOf(one)));
  byId('happened').hidden = happenings(run).length === 0;
  setText(byId('happened-title'), `What happened (${happenings(run).length})`);
  if (!byId('happening').textContent || !lane.matches(':hover, :focus-within')) setText(byId('happening'), hint);
  placeAll();
}

/** Puts events and window where they are on the strip's scale, which uPlot settles when it draws. */
function placeAll() {
  if (!STRIP.plot) return;
  for (const button of byId('lane').children) button.style.left = stripLeft(Number(button.dataset.x)) + 'px';
  showWindow();
}

const stripLeft = (x) => STRIP.plot.bbox.left / devicePixelRatio + Math.min(STRIP.plot.over.clientWidth, Math.max(0, STRIP.plot.valToPos(x, 'x')));

/** The part of the run that the charts show, on the strip. */
export function showWindow() {
  const whole = chosen.from === null || !STRIP.plot;
  byId('window').hidden = whole;
  byId('whole').disabled = whole;
  if (whole) return;
  byId('window').style.left = stripLeft(chosen.from) + 'px';
  byId('window').style.width = Math.max(2, stripLeft(chosen.to) - stripLeft(chosen.from)) + 'px';
}

/** Arrow keys go from one event to the next: one stop of the tab key for all of them. */
export function prepareTimeline() {
  byId('lane').addEventListener('keydown', (event) => {
    const to = { ArrowLeft: 'previousElementSibling', ArrowRight: 'nextElementSibling' }[event.key];
    const next = event.key === 'Home' ? byId('lane').firstElementChild : event.key === 'End' ? byId('lane').lastElementChild : to && document.activeElement[to];
    if (!next) return;
    event.preventDefault();
    document.activeElement.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}
