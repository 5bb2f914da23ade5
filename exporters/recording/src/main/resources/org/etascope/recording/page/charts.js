/* One way to draw all charts, by uPlot: axes, lines with holes, bands, names at the lines' ends, one cursor and one zoom. */

import { chosen, choose } from './address.js';
import { amount, byId, duration, exact, known, make, powerOfTen, scientific, setText, shorten } from './words.js';

export const colours = {};

export function readColours() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ['card', 'ink', 'quiet', 'rule', 'grid', 'blue', 'green', 'vermillion', 'purple', 'sky', 'orange']) {
    colours[name] = style.getPropertyValue('--' + name).trim();
  }
}

/** A colour of the palette, lighter. */
export const faint = (colour, alpha) => colour + Math.round(alpha * 255).toString(16).padStart(2, '0');

const font = (size) => size + 'px ' + getComputedStyle(document.body).fontFamily;

// ---- from a run to points ----

/** When the run's first bin began to count: a run that went on in another process began before this one. */
function startOf(run) {
  const first = run.series.seconds.find(known);
  const start = run.run_start_timestamp_seconds;
  return known(first) ? (start <= first ? start : first) : NaN;
}

const beyondLast = (run, tokens) => known(run.tokens_per_second)
  ? run.series.seconds.at(-1) - startOf(run) + (tokens - run.series.tokens.at(-1)) / run.tokens_per_second : NaN;

/** The places of a run's points on the x axis that is chosen. */
export function xOf(run) {
  const { series } = run;
  if (chosen.x === 'steps') return series.steps;
  if (chosen.x !== 'time') return series.tokens;
  const start = startOf(run);
  return series.seconds.map((seconds) => (known(seconds) ? seconds - start : null));
}

/** Where a number of tokens lies on it: straight between the points. */
export function xAt(run, tokens) {
  const all = run.series.tokens;
  if (chosen.x === 'log' || chosen.x === 'tokens' || !all.length) return tokens;
  if (tokens > all.at(-1)) {
    return chosen.x === 'steps' ? run.series.steps.at(-1) * tokens / all.at(-1) : beyondLast(run, tokens);
  }
  const x = xOf(run);
  const right = all.findIndex((t) => t >= tokens);
  if (right <= 0) return x[0] * (chosen.x === 'steps' ? tokens / all[0] : 1);
  const share = (tokens - all[right - 1]) / (all[right] - all[right - 1]);
  return x[right - 1] + share * (x[right] - x[right - 1]);
}

/** The value of a column where x is this, straight between its points; NaN outside of them. */
export function valueAt(x, column, at) {
  const right = x.findIndex((value) => known(value) && value >= at);
  if (right < 0 || (right === 0 && x[0] > at)) return NaN;
  if (x[right] === at || right === 0) return column[right] ?? NaN;
  const share = (at - x[right - 1]) / (x[right] - x[right - 1]);
  return known(column[right - 1]) && known(column[right]) ? column[right - 1] + share * (column[right] - column[right - 1]) : NaN;
}

/**
 * Columns of a run as a table of uPlot: a hole where there is no number, where losses were not finite, and where the run
 * went on without its state.
 */
export function table(run, columns) {
  const { series } = run;
  const x = xOf(run);
  const rows = [[], ...columns.map(() => [])];
  const holes = run.marks ? run.marks.filter((mark) => mark.kind === 'non_finite') : [];
  const push = (at, values) => {
    if (!known(at) || (rows[0].length && at <= rows[0].at(-1))) return;
    rows[0].push(at);
    values.forEach((value, c) => rows[c + 1].push(value));
  };
  for (let i = 0; i < x.length; i++) {
    const broken = i > 0 && (series.segment[i] !== series.segment[i - 1]
      || holes.some((hole) => hole.tokens < series.tokens[i] && hole.last_tokens >= series.tokens[i - 1]));
    if (broken) push((x[i - 1] + x[i]) / 2, columns.map(() => null));
    push(x[i], columns.map((column) => (known(column[i]) ? column[i] : null)));
  }
  return rows;
}

// ---- axes ----

/** Powers of ten, with 2 and 5 between them where the axis is short. */
function logSplits(min, max, most = 7) {
  const decades = Math.log10(max / min);
  const step = Math.max(1, Math.ceil(decades / most));
  const splits = [];
  for (let exponent = Math.floor(Math.log10(min)); exponent <= Math.log10(max); exponent++) {
    for (const factor of decades < 2.3 ? [1, 2, 5] : [1]) {
      const value = factor * 10 ** exponent;
      if ((factor > 1 || exponent % step === 0) && value >= min && value <= max) splits.push(value);
    }
  }
  return splits.length > 1 ? splits : linearSplits(min, max, [1, 2, 5, 10]);
}

const TIMES = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400];

function linearSplits(min, max, factors, most = 6) {
  const rough = (max - min) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = factors === TIMES
    ? TIMES.find((one) => one >= rough) || 86_400 * Math.ceil(rough / 86_400)
    : factors.find((factor) => factor * power >= rough) * power;
  const splits = [];
  for (let i = Math.ceil(min / step - 1e-9); i * step <= max + 1e-9 * step; i++) splits.push(Number((i * step).toPrecision(12)));
  return splits;
}

export function tick(value) {
  const exponent = Math.round(Math.log10(Math.abs(value)));
  if (value !== 0 && (exponent < -3 || exponent > 4)) {
    const [mantissa] = value.toExponential().split('e');
    return Number(mantissa) === 1 ? powerOfTen(Math.floor(Math.log10(value) + 1e-9)) : scientific(value, 1);
  }
  return String(Number(value.toPrecision(4))).replace('-', '\u2212');
}

const X_TICKS = { time: (value) => (value === 0 ? '0' : duration(value).replace(/\s00\s\S+$/, '')) };

function axis(more) {
  return {
    stroke: () => colours.quiet,
    font: font(12),
    grid: { stroke: () => colours.grid, width: 1 },
    ticks: { show: false },
    border: { show: false },
    gap: 6,
    ...more,
  };
}

// ---- lines ----

/**
 * A line of a chart.
 *
 * @param label its name, at its right end and beside the cursor
 * @param points [x, y], or several lines of one table as [x, y, y...]
 */
export const line = (label, points, colour, more) => ({ label, points, colour, width: 2, dash: [], ...more });

/** The room between two columns of a table, filled; it is not named, nor beside the cursor. */
export const band = (points, colour, alpha) => ({ points, colour, fill: faint(colour, alpha), band: true });

/** A level from the first point to the last. */
export const level = (label, x, y, more) =>
  line(label, known(y) && x.length ? [[x[0], x.at(-1)], [y, y]] : [[], []], colours.quiet, { width: 1.5, dash: [5, 4], silent: true, ...more });

const LABEL_HEIGHT = 15;

// ---- a chart ----

const CHARTS = [];

/**
 * A chart in an element.
 *
 * @param options log: y is logarithmic; tight: low, without names; alone: x is tokens, and neither zoom nor cursor is
 *     shared; drawn: called when it is; empty: said where there is nothing to draw; write: how a value of y is written on its axis; unit: behind the values beside the cursor; bits: nats on the left, bits on the right
 */
export function chart(id, options = {}) {
  const place = byId(id);
  const made = { id, place, options, plot: null, lines: [], spoken: place.getAttribute('aria-label'), shape: '', at: null };
  made.tip = make('div', undefined, 'tip');
  made.tip.hidden = true;
  place.chart = made;
  place.tabIndex = 0;
  place.addEventListener('keydown', (event) => key(made, event));
  place.addEventListener('blur', () => cursorAt(made, null));
  new ResizeObserver(() => {
    if (made.plot && place.clientWidth && (made.plot.width !== place.clientWidth || made.plot.height !== place.clientHeight)) {
      made.plot.setSize({ width: place.clientWidth, height: place.clientHeight });
    }
  }).observe(place);
  CHARTS.push(made);
  return made;
}

const xIsLog = (made) => made.options.alone || chosen.x === 'log';
const zoomed = (made) => !made.options.alone && !made.options.strip && chosen.from !== null && chosen.to !== null && chosen.to > chosen.from;

/** What the x axis spans: the zoom, else all points, and behind them room for the names at the lines' ends. */
function xRange(made, plot, min, max) {
  if (zoomed(made)) [min, max] = [chosen.from, chosen.to];
  else if (!known(min) || !known(max)) return [1, 10];
  if (xIsLog(made)) {
    min = Math.max(min, 1e-9);
    if (max <= min) max = min * 2;
  } else if (max <= min) max = min + 1;
  const width = Math.max(80, plot.width - 60);
  const share = zoomed(made) ? 0 : Math.min(0.45, room(made) / width);
  if (!share) return [min, max];
  return xIsLog(made) ? [min, min * (max / min) ** (1 / (1 - share))] : [min, min + (max - min) / (1 - share)];
}

function room(made) {
  if (made.options.tight) return 0;
  const context = made.plot ? made.plot.ctx : document.createElement('canvas').getContext('2d');
  context.save();
  context.font = font(12);
  const widths = made.lines.filter((one) => one.named !== false && !one.band && one.points[0].length).map((one) => context.measureText(one.label).width);
  context.restore();
  return widths.length ? 22 + Math.max(...widths) : 0;
}

function yRange(made, plot, min, max) {
  const wanted = made.y;
  if (wanted) [min, max] = wanted;
  if (!known(min) || !known(max)) return [null, null];
  if (made.options.log) return max > min ? [min, max * (max / min) ** 0.04] : [min / 2, min * 2];
  const margin = wanted ? 0 : 0.06 * (max - min || Math.abs(max) || 1);
  return max > min ? [min - margin, max + margin] : [min - (Math.abs(min) || 1) * 0.1, max + (Math.abs(max) || 1) * 0.1];
}

function options(made) {
  const { log, bits } = made.options;
  const xTicks = (plot, splits) => splits.map((value) => (chosen.x === 'time' && !made.options.alone ? X_TICKS.time(value) : amount(value, 2)));
  const dense = Math.max(2, Math.min(7, Math.floor(made.place.clientWidth / 80)));
  const series = [{}];
  const bands = [];
  for (const one of made.lines) {
    const columns = one.points.length - 1;
    if (one.band) bands.push({ series: [series.length + 1, series.length], fill: () => one.fill, dir: -1 });
    for (let c = 0; c < columns; c++) {
      series.push({
        label: one.label ?? '', scale: 'y', stroke: one.band ? 'transparent' : one.colour, width: one.band ? 0 : one.dots ? 0 : one.width,
        dash: one.dash, spanGaps: false, auto: !one.band && !one.silent,
        points: one.dots ? { show: true, size: one.dots, width: 0, fill: one.fill || one.colour, stroke: one.fill || one.colour } : { show: false },
        ...(one.dots && { paths: () => null }),
      });
    }
  }
  return {
    width: made.place.clientWidth,
    height: made.place.clientHeight,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, distr: xIsLog(made) ? 3 : 1, range: (plot, min, max) => xRange(made, plot, min, max) },
      y: { distr: log ? 3 : 1, range: (plot, min, max) => yRange(made, plot, min, max) },
      ...(bits && { bits: { from: 'y', range: (plot, min, max) => [min * Math.LOG2E, max * Math.LOG2E] } }),
    },
    axes: [
      axis({
        size: 26, values: xTicks,
        splits: (plot, i, min, max) => {
          const end = lastOf(made, plot, max);
          return xIsLog(made) ? logSplits(min, end, dense) : linearSplits(min, end, chosen.x === 'time' ? TIMES : [1, 2, 5, 10], dense);
        },
        filter: (plot, splits) => splits,
      }),
      axis({
        size: 48, values: (plot, splits) => splits.map(made.options.write || tick),
        splits: (plot, i, min, max) => (log ? logSplits(min, max) : linearSplits(min, max, [1, 2, 5, 10], made.options.tight ? 3 : 6)),
        filter: (plot, splits) => splits,
      }),
      ...(bits ? [axis({ side: 1, scale: 'bits', size: 40, grid: { show: false }, values: (plot, splits) => splits.map(tick),
        splits: (plot, i, min, max) => linearSplits(min, max, [1, 2, 5, 10]), filter: (plot, splits) => splits })] : []),
    ],
    series,
    bands,
    cursor: {
      y: false,
      drag: { x: !made.options.alone, y: false, setScale: false },
      ...(!made.options.alone && { sync: { key: 'run', scales: ['x', null] } }),
      points: { size: 6, width: 0 },
      dataIdx: (plot, s, index, x) => nearest(plot, s, index, x),
      bind: { dblclick: () => () => zoom(null, null) },
    },
    hooks: {
      setSelect: [(plot) => {
        const { left, width } = plot.select;
        if (width > 4 && plot.cursor.event) zoom(plot.posToVal(left, 'x'), Math.min(plot.posToVal(left + width, 'x'), lastOf(made, plot, Infinity)));
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      }],
      setCursor: [() => showTip(made)],
      drawClear: [(plot) => drawUnder(made, plot)],
      draw: [(plot) => drawNames(made, plot), () => made.options.drawn && made.options.drawn()],
    },
  };
}

/** Beyond the last point lies only the room for names. */
function lastOf(made, plot, max) {
  if (zoomed(made)) return Math.min(max, chosen.to);
  const x = plot.data[0];
  return x.length ? Math.min(max, x[x.length - 1]) : max;
}

/** The point of a line nearest to the cursor: lines need not share their points. Null where it is far. */
function nearest(plot, s, index, x) {
  if (s === 0) return index;
  const column = plot.data[s];
  const xs = plot.data[0];
  for (let away = 0; away < 400; away++) {
    for (const i of [index - away, index + away]) {
      if (i >= 0 && i < xs.length && known(column[i])) {
        return Math.abs(plot.valToPos(xs[i], 'x') - plot.valToPos(x, 'x')) <= 14 ? i : null;
      }
    }
  }
  return null;
}

/**
 * Draws lines; what is drawn already is only filled anew.
 *
 * @param lines see {@link line} and {@link band}
 * @param y [min, max] of the y axis, null to fit the lines
 */
export function draw(made, lines, y = null) {
  made.lines = lines.filter((one) => one.points[0].length);
  made.y = y;
  const empty = !made.lines.some((one) => one.points[0].length);
  made.place.classList.toggle('empty', empty);
  if (empty) {
    destroy(made);
    setText(made.place, made.options.empty || 'No bin of the curve is closed yet.');
    return;
  }
  const shape = JSON.stringify([chosen.x, made.options.log, colours.card, made.lines.map((one) => [one.label, one.colour, one.points.length])]);
  const data = uPlot.join(made.lines.map((one) => one.points));
  if (made.plot && made.shape === shape) {
    made.plot.setData(data, true);
  } else {
    destroy(made);
    made.place.textContent = '';
    made.plot = new uPlot(options(made), data, made.place);
    made.plot.over.append(made.tip);
    made.shape = shape;
  }
}

function destroy(made) {
  if (made.plot) made.plot.destroy();
  made.plot = null;
}

/** What a chart says to those who do not see it. */
export function describe(made, words) {
  const text = `${made.spoken}: ${words}. Arrow keys walk along the curve, plus and minus zoom.`;
  if (made.place.getAttribute('aria-label') !== text) made.place.setAttribute('aria-label', text);
}

// ---- what is drawn beside the lines ----

/** Shades the times when the run was flat, and marks where losses were not finite. */
function drawUnder(made, plot) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const span of made.spans || []) {
    const from = plot.valToPos(span.from, 'x', true);
    const to = Math.max(from + 2 * devicePixelRatio, plot.valToPos(span.to, 'x', true));
    ctx.fillStyle = span.hole ? faint(colours.vermillion, 0.45) : faint(colours.quiet, 0.13);
    ctx.fillRect(from, bbox.top, to - from, bbox.height);
  }
  ctx.restore();
}

/** Names each line at its right end; names that would collide move apart. */
function drawNames(made, plot) {
  if (made.options.tight) return;
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  const [from, to] = [plot.scales.x.min, lastOf(made, plot, Infinity)];
  const names = [];
  let s = 1;
  for (const one of made.lines) {
    const columns = one.points.length - 1;
    const [xs, ys] = one.points;
    let last = xs.length - 1;
    while (last >= 0 && (!known(ys[last]) || xs[last] > to)) last--;
    if (!one.band && one.named !== false && last >= 0 && xs[last] >= from) {
      names.push({ one, x: plot.valToPos(xs[last], 'x', true), y: plot.valToPos(ys[last], 'y', true) });
    }
    s += columns;
  }
  names.sort((a, b) => a.y - b.y);
  const height = LABEL_HEIGHT * scale;
  const [top, bottom] = [bbox.top + height / 2, bbox.top + bbox.height - height / 2];
  names.forEach((name, i) => { name.y = Math.max(name.y, i ? names[i - 1].y + height : top); });
  for (let i = names.length - 1; i >= 0; i--) names[i].y = Math.min(names[i].y, i < names.length - 1 ? names[i + 1].y - height : bottom);
  ctx.save();
  ctx.font = font(12 * scale);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  const widest = Math.max(...names.map(({ one }) => ctx.measureText(one.label).width));
  const edge = Math.min(Math.max(...names.map((name) => name.x)), bbox.left + bbox.width - widest - 18 * scale);
  for (const { one, y } of names) {
    const text = one.label;
    ctx.fillStyle = faint(colours.card, 0.85);
    ctx.fillRect(edge + 4 * scale, y - height / 2, ctx.measureText(text).width + 16 * scale, height);
    // The colour beside the name, not a line to it: that would look like a part of the curve.
    ctx.fillStyle = one.colour;
    ctx.fillRect(edge + 6 * scale, y - 4 * scale, 4 * scale, 8 * scale);
    ctx.fillStyle = one.quiet ? colours.quiet : colours.ink;
    ctx.fillText(text, edge + 14 * scale, y);
  }
  ctx.restore();
}

// ---- the cursor, one for all charts ----

function rowsAtCursor(made) {
  const { plot } = made;
  const rows = [];
  let s = 1;
  for (const one of made.lines) {
    if (!one.band && !one.silent) {
      const index = plot.cursor.idxs[s];
      const value = index === null || index === undefined ? undefined : plot.data[s][index];
      if (known(value)) rows.push([one, Number(value.toPrecision(6))]);
    }
    s += one.points.length - 1;
  }
  return rows;
}

/** Where the cursor is: tokens, step and time of the nearest point of the run. */
export let whereIs = () => '';

export function sayWhere(words) {
  whereIs = words;
}

function showTip(made) {
  const { plot, tip } = made;
  const left = plot.cursor.left;
  const rows = left >= 0 ? rowsAtCursor(made) : [];
  tip.hidden = rows.length === 0;
  if (!rows.length) return;
  const at = plot.posToVal(left, 'x');
  const unit = made.options.unit ? ' ' + made.options.unit : '';
  tip.replaceChildren(make('div', made.options.alone ? exact(Math.round(at)) + ' tokens' : whereIs(at), 'where'), ...rows.map(([one, value]) => {
    const row = make('div');
    const mark = make('span', '', 'swatch');
    mark.style.background = one.colour;
    row.append(mark, `${shorten(one.label, 24)}  ${String(value).replace('-', '\u2212')}${unit}`);
    return row;
  }));
  const width = plot.over.clientWidth;
  tip.style.left = left < width / 2 ? left + 12 + 'px' : '';
  tip.style.right = left < width / 2 ? '' : width - left + 12 + 'px';
}

/** Puts the cursor of a chart, and so of all, at a place of the x axis. */
function cursorAt(made, x) {
  if (!made.plot) return;
  made.at = x;
  made.plot.setCursor(x === null ? { left: -10, top: -10 } : { left: made.plot.valToPos(x, 'x'), top: 10 }, true);
  if (x === null) CHARTS.forEach((other) => other.plot && other.plot.setCursor({ left: -10, top: -10 }, true));
}

/** Shows a place on all charts that share the x axis. */
export function point(x) {
  const first = CHARTS.find((made) => made.plot && !made.options.alone && !made.options.strip);
  if (first) cursorAt(first, x);
}

const KEYS = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -1e9, End: 1e9 };

/** Arrow keys walk along the first line, as the pointer would. */
function key(made, event) {
  if (!made.plot || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '+' || event.key === '-' || event.key === '0') {
    if (!made.options.alone) zoomBy(event.key === '+' ? 0.5 : event.key === '-' ? 2 : 0, made.at);
  } else if (event.key === 'Escape') {
    cursorAt(made, null);
  } else if (KEYS[event.key]) {
    const first = made.lines.find((one) => !one.silent && !one.band);
    const xs = first.points[0].filter((x, i) => known(first.points[1][i]) && x >= made.plot.scales.x.min && x <= made.plot.scales.x.max);
    if (!xs.length) return;
    const now = made.at === null ? xs.length : xs.reduce((best, x, i) => (Math.abs(x - made.at) < Math.abs(xs[best] - made.at) ? i : best), 0);
    const to = Math.min(xs.length - 1, Math.max(0, made.at === null && KEYS[event.key] > 0 ? xs.length - 1 : now + KEYS[event.key]));
    cursorAt(made, xs[to]);
    say([...made.tip.children].map((row) => row.textContent).join(', '));
  } else return;
  event.preventDefault();
}

export function say(text) {
  setText(byId('announcer'), text);
}

// ---- the zoom, one for all charts ----

let zoomChanged = () => {};

export function onZoom(callback) {
  zoomChanged = callback;
}

/** Shows a part of the x axis on all charts, or with nulls all of it. */
export function zoom(from, to) {
  choose({ from: from === null ? null : Number(from.toPrecision(6)), to: to === null ? null : Number(to.toPrecision(6)) });
  for (const made of CHARTS) {
    if (made.plot && !made.options.alone && !made.options.strip) made.plot.setData(made.plot.data, true);
  }
  zoomChanged();
}

/** Half or twice as much around a place; 0 for all of it. */
export function zoomBy(factor, around = null) {
  const strip = CHARTS.find((made) => made.options.strip && made.plot);
  if (!strip || !factor) return zoom(null, null);
  const all = [strip.plot.data[0][0], strip.plot.data[0].at(-1)];
  const [from, to] = chosen.from === null ? all : [chosen.from, chosen.to];
  const log = chosen.x === 'log';
  const there = (x) => (log ? Math.log(x) : x);
  const back = (x) => (log ? Math.exp(x) : x);
  const middle = around === null ? (there(from) + there(to)) / 2 : there(around);
  const width = (there(to) - there(from)) * factor;
  const left = Math.max(there(all[0]), middle - width / 2);
  const right = Math.min(there(all[1]), left + width);
  return right - left >= (there(all[1]) - there(all[0])) * 0.999 ? zoom(null, null) : zoom(back(left), back(right));
}

/** The charts as canvases, for a picture. */
export const drawn = () => CHARTS.filter((made) => made.plot && made.place.clientWidth);

/** All charts anew, in other colours or on another axis. */
export function forgetShapes() {
  CHARTS.forEach((made) => { made.shape = ''; });
}

export const chartOf = (id) => CHARTS.find((made) => made.id === id);
