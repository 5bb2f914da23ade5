/* Which charts there are, and what each of them shows of a run. */

import { chosen } from './address.js';
import { band, chart, colours, describe, draw, faint, forgetShapes, level, line, readColours, sayWhere, table, valueAt, xAt, xOf } from './charts.js';
import { amount, byId, duration, exact, fixed, known, plusMinus, shorten, shortTime, significant, unitOf } from './words.js';
import { runs } from './runs.js';

const ETA = chart('eta-chart', { log: true });
const LOSS = chart('loss-chart', { bits: true, unit: 'nats' });
const SLOPE = chart('slope-chart', { unit: 'nats per doubling', empty: 'There is no slope yet.' });
const AHEAD = chart('ahead-chart', { alone: true, unit: 'nats' });
const RATE = chart('rate-chart', { tight: true });
const SPEED = chart('speed-chart', { tight: true, unit: 'per second', write: (value) => amount(value, 2) });
const LAYERS = chart('layers-chart', {});
const STEP = chart('step-chart', { tight: true, unit: 's' });

/** Colours of runs laid over one another: then a colour means a run and nothing else. */
const RUN_COLOURS = ['blue', 'vermillion', 'green', 'purple', 'orange', 'sky', 'quiet'];
const DASHES = [[], [7, 3], [2, 2], [9, 3, 2, 3], [4, 2], [12, 4], [3, 6]];

/** {@return the runs that are compared with the one shown, each with its colour and dash} */
export function compared() {
  return [...runs.others.values()].filter((run) => run && run.series && run.series.tokens.length)
    .map((run, i) => ({ run, colour: colours[RUN_COLOURS[i % RUN_COLOURS.length]], dash: DASHES[i % DASHES.length] }));
}

export function prepareColours() {
  readColours();
  forgetShapes();
}

/** One quantity of all runs: the one shown in ink, the others each in its own colour. */
function sideBySide(run, column) {
  const one = (other, colour, dash, width) => line(shorten(other.run, 18), table(other, [column(other)]), colour, { dash, width });
  return [one(run, colours.ink, [], 2.5), ...compared().map(({ run: other, colour, dash }) => one(other, colour, dash, 1.75))];
}

const comparing = () => compared().length > 0;

/** A line for each column, of one table. */
const lines = (run, given) => given.map(([label, column, colour, more]) => line(label, table(run, [column]), colour, more));

/** The value below which the given share of the finite values lies: an axis made by it is not squeezed by a few. */
function quantile(values, share) {
  const sorted = values.filter(known).sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))];
}

/** What other language models were found to hold: faint, and only at the end, where absorbed is compared with it. */
function references(run) {
  const x = xOf(run).filter(known);
  const last = x.at(-1);
  const from = chosen.x === 'log' ? last * (x[0] / last) ** 0.25 : last - (last - x[0]) / 4;
  return !x.length ? [] : [['2 bits/param.', run.reference_eta_lower], ['3.6 bits/param.', run.reference_eta_upper]]
    .filter(([, value]) => known(value))
    .map(([label, value]) => level(label, [from, last], value, { dash: [2, 4], width: 1, quiet: true }));
}

function drawEta(run) {
  const { series } = run;
  const readings = [series.eta, series.eta_absorbed, series.eta_dataset];
  const positive = (x) => known(x) && x > 0;
  const log = chosen.eta === 'log' && readings.some((column) => column.some(positive));
  ETA.options.log = log;
  // Zero and below have no place on a logarithmic scale: they are holes there.
  const shown = (column) => (log ? column.map((x) => (positive(x) ? x : null)) : column);
  const top = Math.max(...readings.flat().filter(positive));
  const least = Math.min(...readings.flat().filter(positive));
  const y = log && !comparing() ? [Math.max(top * 1e-5, least), Math.max(top, known(run.reference_eta_lower) && run.reference_eta_lower < 30 * top ? run.reference_eta_lower : 0)] : null;
  draw(ETA, comparing() ? sideBySide(run, (other) => shown(other.series.eta)) : [
    ...lines(run, [
      ['transmitted', shown(series.eta), colours.blue, { width: 2.5 }],
      ['absorbed', shown(series.eta_absorbed), colours.vermillion],
      ['dataset', shown(series.eta_dataset), colours.green, { dash: [6, 3] }],
    ]),
    ...references(run).filter((one) => !y || (one.points[1][0] >= y[0] && one.points[1][0] <= y[1])),
  ], y);
  describe(ETA, `transmitted ${significant(run.eta)}, absorbed ${significant(run.eta_absorbed)}, dataset ${significant(run.eta_dataset)}`);
  byId('eta-scale').setAttribute('aria-pressed', String(chosen.eta === 'log'));
}

function drawLoss(run) {
  const { series, validation_series: validation } = run;
  const x = xOf(run).filter(known);
  const within = [...series.lowest_loss_nats, ...series.highest_loss_nats, ...validation.loss_nats, run.baseline_nats].filter(known);
  const margin = 0.04 * (Math.max(...within) - Math.min(...within) || 1);
  const faintBins = faint(colours.sky, 0.7);
  draw(LOSS, comparing() ? sideBySide(run, (other) => other.series.current_loss_nats) : [
    band(table(run, [series.lowest_loss_nats, series.highest_loss_nats]), colours.sky, 0.3),
    line('bin mean', table(run, [series.loss_nats]), faintBins, { dots: 3, named: false }),
    level('baseline H', x, run.baseline_nats),
    line('validation', [validation.tokens.map((tokens) => xAt(run, tokens)), validation.loss_nats.map((y) => (known(y) ? y : null))], colours.purple, { width: 1.25 }),
    ...lines(run, [
      ['mean L\u0304', series.mean_loss_nats, colours.blue],
      ['current L', series.current_loss_nats, colours.green, { width: 2.5 }],
    ]),
  ], comparing() || !within.length ? null : [Math.min(...within) - margin, Math.max(...within) + margin]);
  describe(LOSS, `current ${fixed(run.current_loss_nats, 3)} nats, mean ${fixed(run.mean_loss_nats, 3)}, baseline ${fixed(run.baseline_nats, 3)}`);
}

function drawSlope(run) {
  const { series } = run;
  const from = Math.floor(0.3 * series.tokens.length);
  const recent = (column) => column.slice(from).filter(known);
  const threshold = recent(series.saturation_threshold_nats_per_doubling).at(-1) || 0;
  const high = Math.max(quantile(recent(series.nats_per_doubling_upper), 0.97) || 0, 2.5 * threshold);
  const low = Math.min(0, quantile(recent(series.nats_per_doubling_lower), 0.03) || 0);
  const x = xOf(run).filter(known);
  const any = series.nats_per_doubling.some(known);
  draw(SLOPE, comparing() ? sideBySide(run, (other) => other.series.nats_per_doubling) : any ? [
    band(table(run, [series.nats_per_doubling_lower, series.nats_per_doubling_upper]), colours.green, 0.22),
    level('', x, 0, { dash: [], width: 1, named: false }),
    line('threshold', table(run, [series.saturation_threshold_nats_per_doubling]), colours.quiet, { width: 1.5, dash: [5, 4] }),
    line('gained', table(run, [series.nats_per_doubling]), colours.green),
  ] : [], comparing() ? null : [low - 0.06 * (high - low), high + 0.06 * (high - low)]);
  describe(SLOPE, `${plusMinus(run.nats_per_doubling, run.nats_per_doubling_error)} nats per doubling, threshold ${significant(run.saturation_threshold_nats_per_doubling)}`);
}

/** The last e-folds of the loss, and from it the forecast as wedges to where it is asked for. */
function drawAhead(run) {
  const { series, forecast } = run;
  const begin = run.tokens / 8;
  const from = Math.max(0, series.tokens.findIndex((tokens) => tokens >= begin));
  const recent = (column) => column.slice(from);
  const wedge = (answer) => {
    if (!known(answer.loss_nats)) return null;
    const now = answer.loss_nats + answer.gain_nats;
    return [[run.tokens, answer.tokens], [now, answer.loss_nats], [now, answer.loss_lower_nats], [now, answer.loss_upper_nats]];
  };
  const fan = (label, answer, colour, dash) => {
    const points = wedge(answer);
    return points ? [band([points[0], points[2], points[3]], colour, 0.2), line(label, [points[0], points[1]], colour, { dash })] : [];
  };
  const loss = line('loss', [recent(series.tokens), recent(series.loss_nats).map((y) => (known(y) ? y : null))], faint(colours.sky, 0.7), { dots: 3, named: false });
  const current = line('current L', [recent(series.tokens), recent(series.current_loss_nats).map((y) => (known(y) ? y : null))], colours.green, { width: 2.5, named: false });
  const shown = [
    loss, current,
    ...fan('next doubling', forecast.next_doubling, colours.blue, [6, 3]),
    ...fan('planned end', forecast.planned_end, colours.purple, []),
    ...fan('a decay now', forecast.decay_now, colours.vermillion, [2, 3]),
  ];
  const any = Object.values(forecast).some((answer) => known(answer.loss_nats));
  byId('ahead-chart').hidden = !any;
  if (any) draw(AHEAD, shown);
  describe(AHEAD, Object.values(run.forecast_sentences).join(' '));
}

/** How fast it went between two bins. */
function pace(run) {
  const { tokens, steps, seconds, segment } = run.series;
  const between = (column) => tokens.map((_, i) => {
    const time = i > 0 && segment[i] === segment[i - 1] ? seconds[i] - seconds[i - 1] : NaN;
    return time > 0 ? (column[i] - column[i - 1]) / time : null;
  });
  const speed = between(tokens);
  const stepTime = between(steps).map((perSecond) => (perSecond ? 1 / perSecond : null));
  return { speed, stepTime };
}

function drawCourse(run) {
  const { speed, stepTime } = pace(run);
  const rates = run.series.learning_rate || [];
  const show = (made, column, label, more) => {
    const any = column.some(known);
    byId(made.id).closest('.small').hidden = !any;
    const high = Math.max(...column.filter(known), 0);
    if (any) draw(made, comparing() ? sideBySide(run, more) : [line(label, table(run, [column]), colours.blue, { width: 1.75 })], comparing() ? null : [0, high * 1.08 || 1]);
  };
  show(RATE, rates, 'learning rate', (other) => other.series.learning_rate || []);
  show(SPEED, speed, 'tokens', (other) => pace(other).speed);
  show(STEP, stepTime, 'step', (other) => pace(other).stepTime);
  byId('course').hidden = !rates.some(known) && !speed.some(known);
  describe(RATE, `now ${significant(run.learning_rate)}`);
  describe(SPEED, `now ${amount(run.tokens_per_second)} tokens per second`);
  describe(STEP, `last ${shortTime(stepTime.filter(known).at(-1))}`);
}

/** Each layer's residual over the run: the deeper, the darker; the first and the last are named. */
function drawLayers(run) {
  const { tokens, residuals } = run.layers_series;
  if (!run.layers || !tokens.length) return;
  const x = tokens.map((at) => xAt(run, at));
  const depth = run.layers.residuals.length;
  draw(LAYERS, run.layers.residuals.map((_, i) => line(
    'layer ' + (i + 1),
    [x, residuals.map((all) => (known(all[i]) ? all[i] : null))],
    faint(colours.blue, 0.3 + 0.7 * (i + 1) / depth),
    { named: i === 0 || i === depth - 1, width: i === depth - 1 ? 2.5 : 1.5 },
  )));
  describe(LAYERS, run.layers.sentence);
}

/** When the run was flat, and where its losses were not finite, on the x axis that is chosen. */
export function spans(run) {
  const found = [];
  for (const event of run.events) {
    if (found.length && found.at(-1).to === null) found.at(-1).to = event.tokens;
    if (event.phase === 'saturated') found.push({ from: event.tokens, to: null });
  }
  if (found.length && found.at(-1).to === null) found.at(-1).to = run.tokens;
  const holes = (run.marks || []).filter((mark) => mark.kind === 'non_finite').map((mark) => ({ from: mark.tokens, to: mark.last_tokens, hole: true }));
  return [...found, ...holes].map((span) => ({ ...span, from: xAt(run, span.from), to: xAt(run, span.to) }));
}

/** Draws all charts of a run. */
export function drawCurves(run) {
  const all = comparing() ? [] : spans(run);
  LOSS.spans = ETA.spans = RATE.spans = SPEED.spans = STEP.spans = all.filter((span) => span.hole);
  SLOPE.spans = all;
  sayWhere((at) => {
    const x = xOf(run);
    const i = x.reduce((best, value, j) => (known(value) && Math.abs(value - at) < Math.abs(x[best] - at) ? j : best), 0);
    const { tokens, steps, seconds } = run.series;
    const time = known(seconds[i]) ? ', ' + duration(seconds[i] - Math.min(run.run_start_timestamp_seconds, seconds.find(known))) : '';
    return `${exact(tokens[i])} ${unitOf(run)}s, step ${exact(steps[i])}${time}`;
  });
  document.body.classList.toggle('comparing', comparing());
  drawEta(run);
  drawLoss(run);
  drawSlope(run);
  drawAhead(run);
  drawCourse(run);
  drawLayers(run);
}

/** How a run's loss differs from that of another where both are equally far: in tokens, time or energy. Null if unknown. */
export function difference(run, base, by) {
  const far = (other) => {
    const { tokens, seconds, energy_joules: joules } = other.series;
    if (by === 'tokens') return tokens;
    if (by === 'energy') return joules || [];
    const start = Math.min(other.run_start_timestamp_seconds, ...seconds.filter(known).slice(0, 1));
    return seconds.map((time) => (known(time) ? time - start : null));
  };
  const [a, b] = [far(run), far(base)];
  const last = Math.min(a.filter(known).at(-1) ?? NaN, b.filter(known).at(-1) ?? NaN);
  if (!known(last)) return null;
  const nats = valueAt(a, run.series.current_loss_nats, last) - valueAt(b, base.series.current_loss_nats, last);
  return known(nats) ? { nats, at: last } : null;
}
