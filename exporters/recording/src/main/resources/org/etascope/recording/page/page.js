/*
 * The live page and the report. It shows what the server says, and computes no figure of its own: nats become bits per
 * token on one axis, times become ages, and that is all.
 *
 * Live, it asks /api every two seconds. In a report the run is part of the page, in #recording. From top to bottom:
 * words for numbers, the charts, the parts of the page, and at the end the clockwork.
 */
(() => {
  'use strict';

  const POLL_MILLIS = 2000;
  const TIMEOUT_MILLIS = 8000;
  const LATE_SECONDS = 60;
  const LATE_STEPS = 10;
  const MOST_OVERLAYS = 5;
  const BITS_PER_NAT = Math.LOG2E;
  const UNKNOWN = 'n/a';
  const SPACE = '\u00a0';

  const byId = (id) => document.getElementById(id);

  // ---- words for numbers ----

  const known = (x) => typeof x === 'number' && Number.isFinite(x);

  function fixed(x, decimals) {
    return known(x) ? x.toFixed(decimals).replace('-', '\u2212') : UNKNOWN;
  }

  /** Three significant digits, so that a figure keeps its width. */
  function significant(x, digits = 3) {
    if (!known(x)) return UNKNOWN;
    if (x === 0) return '0';
    const size = Math.floor(Math.log10(Math.abs(x)));
    return size < -3 || size > 6 ? scientific(x, digits) : fixed(x, Math.min(8, Math.max(0, digits - 1 - size)));
  }

  const SUPERSCRIPTS = { '-': '\u207b', 0: '\u2070', 1: '\u00b9', 2: '\u00b2', 3: '\u00b3', 4: '\u2074', 5: '\u2075', 6: '\u2076', 7: '\u2077', 8: '\u2078', 9: '\u2079' };

  function powerOfTen(exponent) {
    return '10' + String(exponent).replace(/./g, (c) => SUPERSCRIPTS[c]);
  }

  function scientific(x, digits = 3) {
    if (!known(x)) return UNKNOWN;
    if (x === 0) return '0';
    const [mantissa, exponent] = x.toExponential(digits - 1).split('e');
    return mantissa.replace('-', '\u2212') + SPACE + '\u00d7' + SPACE + powerOfTen(Number(exponent));
  }

  const PREFIXES = [[1e15, 'P'], [1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']];

  /** 10,255,073,280 is 10.3 G. */
  function amount(x, digits = 3) {
    if (!known(x)) return UNKNOWN;
    const prefix = PREFIXES.find(([size]) => Math.abs(x) >= size * (1 - 0.5 / 10 ** digits));
    if (prefix) return significant(x / prefix[0], digits) + SPACE + prefix[1];
    return Number.isInteger(x) ? String(x) : significant(x, digits);
  }

  const exact = (x) => (known(x) ? x.toLocaleString('en-US', { maximumFractionDigits: 20 }) : UNKNOWN);

  /** Decimals grow until the error shows. */
  const decimalsFor = (error) => (error > 0 ? Math.min(6, Math.max(2, Math.ceil(-Math.log10(error)))) : 3);

  function plusMinus(x, error, decimals = decimalsFor(error)) {
    return known(error) ? fixed(x, decimals) + SPACE + '\u00b1' + SPACE + fixed(error, decimals) : fixed(x, decimals);
  }

  function duration(seconds) {
    if (!known(seconds)) return UNKNOWN;
    const s = Math.max(0, Math.round(seconds));
    const two = (x) => String(x).padStart(2, '0');
    if (s < 60) return s + SPACE + 's';
    if (s < 3600) return Math.floor(s / 60) + SPACE + 'min' + SPACE + two(s % 60) + SPACE + 's';
    if (s < 86400) return Math.floor(s / 3600) + SPACE + 'h' + SPACE + two(Math.floor(s / 60) % 60) + SPACE + 'min';
    return Math.floor(s / 86400) + SPACE + 'd' + SPACE + two(Math.floor(s / 3600) % 24) + SPACE + 'h';
  }

  function clock(seconds) {
    const date = new Date(seconds * 1000);
    const time = date.toTimeString().slice(0, 8);
    const today = date.toDateString() === new Date().toDateString();
    return today && !report ? time : date.toLocaleDateString('en-CA') + ' ' + time;
  }

  const plain = (label) => label.replaceAll('_', ' ');

  /** Shows a figure; the full number goes along, for copying and for tests. */
  function figure(element, text, value) {
    if (element.textContent !== text) element.textContent = text;
    if (known(value)) element.dataset.value = String(value);
    else delete element.dataset.value;
  }

  function make(tag, text, className) {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  }

  // ---- charts ----

  let colours = {};

  function readColours() {
    const style = getComputedStyle(document.documentElement);
    for (const name of ['card', 'ink', 'quiet', 'rule', 'grid', 'blue', 'green', 'vermillion', 'purple', 'sky']) {
      colours[name] = style.getPropertyValue('--' + name).trim();
    }
  }

  /** A colour of the palette, lighter. */
  const faint = (colour, alpha) => colour + Math.round(alpha * 255).toString(16).padStart(2, '0');

  /** One line of a column over the tokens; a hole where there is no number or a new segment begins. */
  function line(data, column, allowed = known) {
    const { tokens, segment } = data.series;
    const points = [];
    for (let i = 0; i < tokens.length; i++) {
      if (i > 0 && segment[i] !== segment[i - 1]) points.push({ x: tokens[i], y: NaN });
      points.push({ x: tokens[i], y: allowed(column[i]) ? column[i] : NaN, step: data.series.steps[i] });
    }
    return points;
  }

  /** A level held from the first point to the last. */
  function level(data, value) {
    const { tokens } = data.series;
    return known(value) && tokens.length ? [{ x: tokens[0], y: value }, { x: tokens.at(-1), y: value }] : [];
  }

  function stroke(label, points, colour, more) {
    return Object.assign({
      label, data: points, borderColor: colour, backgroundColor: colour, borderWidth: 2, pointRadius: 0,
      pointHoverRadius: 3.5, pointHitRadius: 0, spanGaps: false, endLabel: label,
    }, more);
  }

  const dashed = (label, points, more) =>
    stroke(label, points, colours.quiet, { borderWidth: 1.5, borderDash: [5, 4], silent: true, ...more });

  /** Two lines with the room between them filled; neither is hovered or labelled. */
  function band(lower, upper, colour, alpha) {
    const edge = { borderWidth: 0, silent: true, endLabel: null, backgroundColor: faint(colour, alpha), order: 9 };
    return [stroke('lower', lower, colour, edge), stroke('upper', upper, colour, { ...edge, fill: '-1' })];
  }

  /** The nearest point of each line by tokens: lines need not share their points. */
  Chart.Interaction.modes.tokens = (chart, event) => {
    const found = [];
    chart.data.datasets.forEach((dataset, datasetIndex) => {
      if (dataset.silent) return;
      let best = null;
      chart.getDatasetMeta(datasetIndex).data.forEach((element, index) => {
        const distance = Math.abs(element.x - event.x);
        if (!element.skip && (best === null || distance < best.distance)) best = { element, datasetIndex, index, distance };
      });
      if (best) found.push(best);
    });
    const nearest = Math.min(...found.map((item) => item.distance));
    return found.filter((item) => item.distance <= nearest + 8);
  };

  const LABEL_HEIGHT = 15;

  /** Names each line at its right end, where the x axis leaves room; names that would collide move apart. */
  const endLabels = {
    id: 'endLabels',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea: area } = chart;
      const labels = [];
      chart.data.datasets.forEach((dataset, i) => {
        const last = chart.getDatasetMeta(i).data.findLast((element) => !element.skip);
        if (dataset.endLabel && last) labels.push({ dataset, last, y: Math.min(area.bottom, Math.max(area.top, last.y)) });
      });
      labels.sort((a, b) => a.y - b.y);
      spread(labels, area.top + LABEL_HEIGHT / 2, area.bottom - LABEL_HEIGHT / 2);
      ctx.save();
      ctx.font = font(12);
      ctx.textBaseline = 'middle';
      for (const { dataset, last, y } of labels) {
        ctx.strokeStyle = dataset.borderColor;
        ctx.lineWidth = 1;
        ctx.beginPath();
        ctx.moveTo(last.x + 2, Math.min(area.bottom, Math.max(area.top, last.y)));
        ctx.lineTo(last.x + 11, y);
        ctx.stroke();
        ctx.fillStyle = dataset.quiet ? colours.quiet : colours.ink;
        ctx.fillText(dataset.endLabel, last.x + 14, y);
      }
      ctx.restore();
    },
  };

  function spread(labels, top, bottom) {
    for (let i = 0; i < labels.length; i++) {
      labels[i].y = Math.max(labels[i].y, i ? labels[i - 1].y + LABEL_HEIGHT : top);
    }
    for (let i = labels.length - 1; i >= 0; i--) {
      labels[i].y = Math.min(labels[i].y, i < labels.length - 1 ? labels[i + 1].y - LABEL_HEIGHT : bottom);
    }
  }

  const font = (size) => size + 'px ' + getComputedStyle(document.body).fontFamily;

  /** Marks when the run was flat, where a chart asks for it, and the place under the pointer. */
  const marks = {
    id: 'marks',
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea: area, scales: { x } } = chart;
      ctx.save();
      for (const span of chart.flatSpans || []) {
        const from = x.getPixelForValue(span.from);
        ctx.fillStyle = faint(colours.quiet, 0.14);
        ctx.fillRect(from, area.top, x.getPixelForValue(span.to) - from, area.bottom - area.top);
        ctx.strokeStyle = colours.ink;
        ctx.lineWidth = 1;
        ctx.beginPath();
        ctx.moveTo(from, area.top);
        ctx.lineTo(from, area.bottom);
        ctx.stroke();
        ctx.fillStyle = colours.ink;
        ctx.font = font(12);
        ctx.textBaseline = 'top';
        const words = 'flat from ' + amount(span.from);
        // Right of its beginning a flat curve is low, and the top is free; left of it where there is no room.
        const fits = from + 6 + ctx.measureText(words).width < chart.width;
        ctx.textAlign = fits ? 'left' : 'right';
        ctx.fillText(words, from + (fits ? 6 : -6), area.top + 4);
      }
      const active = chart.getActiveElements();
      if (active.length) {
        ctx.strokeStyle = colours.quiet;
        ctx.lineWidth = 1;
        ctx.beginPath();
        ctx.moveTo(active[0].element.x, area.top);
        ctx.lineTo(active[0].element.x, area.bottom);
        ctx.stroke();
      }
      ctx.restore();
    },
  };

  function flatSpans(data) {
    const spans = [];
    for (const event of data.events) {
      if (spans.length && spans.at(-1).to === null) spans.at(-1).to = event.tokens;
      if (event.phase === 'saturated') spans.push({ from: event.tokens, to: null });
    }
    if (spans.length && spans.at(-1).to === null) spans.at(-1).to = data.tokens;
    return spans;
  }

  /** Ticks of a logarithmic axis: powers of ten, with 2 and 5 between them where the axis is short. */
  function logTicks(scale) {
    // Beyond the last token lies only the room for names.
    const end = scale.axis === 'x' ? scale.chart.lastTokens : scale.max;
    const decades = Math.log10(scale.max / scale.min);
    const step = Math.ceil(decades / 7);
    const values = [];
    for (let exponent = Math.floor(Math.log10(scale.min)); exponent <= Math.log10(end); exponent++) {
      if (exponent % step === 0) values.push(10 ** exponent);
      if (decades < 2.3) values.push(2 * 10 ** exponent, 5 * 10 ** exponent);
    }
    scale.ticks = within(scale.min, end, values);
  }

  /** Ticks of a linear axis: about seven multiples of 1, 2 or 5 times a power of ten. */
  function linearTicks(scale) {
    const rough = (scale.max - scale.min) / 7;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
    const values = [];
    for (let i = Math.ceil(scale.min / step); i * step <= scale.max; i++) values.push(Number((i * step).toPrecision(12)));
    scale.ticks = within(scale.min, scale.max, values);
  }

  const within = (from, to, values) =>
    values.filter((value) => value >= from && value <= to).map((value) => ({ value }));

  function etaTick(value) {
    const exponent = Math.round(Math.log10(Math.abs(value)));
    return value !== 0 && (exponent < -3 || exponent > 4) ? scientific(value, 1).replace('1\u00a0\u00d7\u00a0', '') : String(Number(value.toPrecision(3))).replace('-', '\u2212');
  }

  const logAxis = (write, more) => axis({ type: 'logarithmic', afterBuildTicks: logTicks, ...more, ticks: { callback: write } });
  const linearAxis = (more) => axis({ type: 'linear', afterBuildTicks: linearTicks, ...more, ticks: { callback: etaTick } });

  /** The x axis ends beyond the last point, so that the names at the lines' ends have room. */
  function leaveRoom(scale) {
    const chart = scale.chart;
    const ends = chart.data.datasets.map((dataset) => dataset.endLabel).filter(Boolean);
    if (!ends.length || !(scale.max > 0)) return;
    chart.ctx.save();
    chart.ctx.font = font(12);
    const room = 20 + Math.max(...ends.map((text) => chart.ctx.measureText(text).width));
    chart.ctx.restore();
    const width = Math.max(2 * room, chart.width - 70);
    const last = chart.lastTokens;
    const decades = Math.max(0.3, Math.log10(last / scale.min));
    scale.max = last * 10 ** (decades * room / (width - room));
  }

  function axis(more) {
    return {
      bounds: 'data',
      grid: { color: colours.grid, drawTicks: false },
      border: { display: false },
      ...more,
      ticks: { color: colours.quiet, font: { size: 12 }, padding: 6, maxRotation: 0, autoSkip: false, ...(more && more.ticks) },
    };
  }

  function makeChart(id, scales) {
    const canvas = byId(id);
    const chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [marks, endLabels],
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        parsing: false,
        normalized: true,
        interaction: { mode: 'tokens', axis: 'x', intersect: false },
        layout: { padding: { top: 4 } },
        scales: {
          x: logAxis((value) => amount(value, 1), {
            afterDataLimits: leaveRoom,
            title: { display: true, text: 'tokens', align: 'end', color: colours.quiet, font: { size: 12 }, padding: 0 },
          }),
          ...scales,
        },
        plugins: {
          legend: { display: false },
          tooltip: {
            backgroundColor: colours.card,
            titleColor: colours.ink,
            bodyColor: colours.ink,
            borderColor: colours.rule,
            borderWidth: 1,
            padding: 10,
            boxWidth: 12,
            boxHeight: 2,
            boxPadding: 6,
            titleFont: { weight: '600' },
            callbacks: { title: pointTitle, label: pointLabel },
          },
        },
      },
    });
    chart.spoken = canvas.getAttribute('aria-label');
    return chart;
  }

  function pointTitle(items) {
    const point = items[0].raw;
    return exact(Math.round(point.x)) + ' tokens' + (point.step === undefined ? '' : ', step ' + exact(point.step));
  }

  function pointLabel(item) {
    return ' ' + item.dataset.label + '  ' + Number(item.raw.y.toPrecision(7)) + (item.dataset.unit ? ' ' + item.dataset.unit : '');
  }

  /** Arrow keys walk along the first line, as the pointer would. */
  function walk(event) {
    const chart = Chart.getChart(event.target);
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -1e9, End: 1e9 }[event.key];
    if (!chart || (steps === undefined && event.key !== 'Escape')) return;
    event.preventDefault();
    const datasetIndex = chart.data.datasets.findIndex((dataset) => !dataset.silent && dataset.data.length);
    if (datasetIndex < 0) return;
    const elements = chart.getDatasetMeta(datasetIndex).data;
    if (event.key === 'Escape') {
      chart.at = undefined;
      chart.setActiveElements([]);
      chart.tooltip.setActiveElements([], { x: 0, y: 0 });
      chart.update('none');
      return;
    }
    const direction = Math.sign(steps);
    let at = Math.min(elements.length - 1, Math.max(0, (chart.at === undefined ? elements.length - 1 - direction : chart.at) + steps));
    while (elements[at] && elements[at].skip) at += direction;
    const element = elements[at];
    if (!element) return;
    chart.at = at;
    const items = Chart.Interaction.modes.tokens(chart, { x: element.x });
    chart.setActiveElements(items);
    chart.tooltip.setActiveElements(items, { x: element.x, y: element.y });
    chart.update('none');
    say([...chart.tooltip.title, ...chart.tooltip.body.flatMap((part) => part.lines)].join(', '));
  }

  let charts = null;
  let etaIsLog = true;

  function makeCharts() {
    if (charts) Object.values(charts).forEach((chart) => chart.destroy());
    readColours();
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    charts = {
      eta: makeChart('eta-chart', { y: logAxis(etaTick) }),
      loss: makeChart('loss-chart', {
        y: linearAxis(),
        bits: linearAxis({ axis: 'y', position: 'right', grid: { drawOnChartArea: false, drawTicks: false } }),
      }),
      slope: makeChart('slope-chart', { y: linearAxis() }),
    };
  }

  function show(chart, datasets, data) {
    chart.lastTokens = Math.max(data.series.tokens.at(-1), ...datasets.map((dataset) => (dataset.data.length ? dataset.data.at(-1).x : 0)));
    chart.data.datasets = datasets;
    chart.update('none');
  }

  function describe(chart, words) {
    const text = chart.spoken + ': ' + words + '. Arrow keys walk along the curve.';
    if (chart.canvas.getAttribute('aria-label') !== text) chart.canvas.setAttribute('aria-label', text);
  }

  /** The value below which the given share of the finite values lies: an axis made by it is not squeezed by a few. */
  function quantile(values, share) {
    const sorted = values.filter(known).sort((a, b) => a - b);
    return sorted[Math.floor(share * (sorted.length - 1))];
  }

  const others = () => (overlaying() ? [...overlays.values()] : []);

  function overlayLines(column) {
    const dashes = [[7, 3], [2, 2], [9, 3, 2, 3], [4, 2], [12, 4]];
    const inks = [colours.purple, colours.sky, colours.ink, colours.vermillion, colours.quiet];
    return others().map((other, i) =>
      stroke(other.run, line(other, other.series[column]), inks[i % inks.length],
        { borderWidth: 1.5, borderDash: dashes[i % dashes.length], endLabel: shorten(other.run, 16), order: 0 }));
  }

  const shorten = (text, length) => (text.length > length ? [...text].slice(0, length - 1).join('') + '\u2026' : text);

  /** What other language models were found to hold: faint, and only at the end, where absorbed is compared with it. */
  function references(data) {
    const { tokens } = data.series;
    const from = tokens.at(-1) * (tokens[0] / tokens.at(-1)) ** 0.25;
    return [['2 bits/param.', data.reference_eta_lower], ['3.6 bits/param.', data.reference_eta_upper]]
      .filter(([, value]) => known(value))
      .map(([label, y]) => dashed(label, [{ x: from, y }, { x: tokens.at(-1), y }], { borderDash: [2, 4], borderWidth: 1, quiet: true, order: 8 }));
  }

  function drawEta(data) {
    const { series } = data;
    const positive = (x) => known(x) && x > 0;
    const readings = [series.eta, series.eta_absorbed, series.eta_dataset];
    const canLog = readings.some((column) => column.some(positive));
    const wantLog = etaIsLog && canLog;
    if ((charts.eta.options.scales.y.type === 'logarithmic') !== wantLog) {
      charts.eta.options.scales.y = wantLog ? logAxis(etaTick) : linearAxis();
    }
    const allowed = wantLog ? positive : known;
    const top = Math.max(...readings.map((column) => Math.max(...column.filter(positive), 0)));
    charts.eta.options.scales.y.min = wantLog ? Math.max(top * 1e-5, Math.min(...readings.flat().filter(positive))) : undefined;
    show(charts.eta, [
      stroke('transmitted', line(data, series.eta, allowed), colours.blue, { borderWidth: 2.5 }),
      stroke('absorbed', line(data, series.eta_absorbed, allowed), colours.vermillion),
      stroke('dataset', line(data, series.eta_dataset, allowed), colours.green, { borderDash: [6, 3] }),
      ...references(data),
      ...overlayLines('eta'),
    ], data);
    describe(charts.eta, `transmitted ${significant(data.eta)}, absorbed ${significant(data.eta_absorbed)}, dataset ${significant(data.eta_dataset)}`);
    const below = wantLog ? readings.flat().filter((x) => known(x) && x <= 0).length : 0;
    // Zero and below have no place on a logarithmic scale: they are holes there, and the button says how many.
    byId('eta-scale').title = below ? below + ' values at or below 0 have no place on a logarithmic scale' : '';
    byId('eta-scale').setAttribute('aria-pressed', String(etaIsLog));
  }

  function drawLoss(data) {
    const { series, validation_series: validation } = data;
    const all = [...series.lowest_loss_nats, ...series.highest_loss_nats, ...validation.loss_nats, data.baseline_nats]
      .concat(others().flatMap((other) => other.series.current_loss_nats)).filter(known);
    const low = Math.min(...all);
    const high = Math.max(...all);
    const margin = 0.04 * (high - low || 1);
    const { y, bits } = charts.loss.options.scales;
    y.min = low - margin;
    y.max = high + margin;
    bits.min = y.min * BITS_PER_NAT;
    bits.max = y.max * BITS_PER_NAT;
    const unit = 'nats';
    show(charts.loss, [
      stroke('current L', line(data, series.current_loss_nats), colours.green, { borderWidth: 2.5, unit, order: 1 }),
      stroke('mean L\u0304', line(data, series.mean_loss_nats), colours.blue, { unit, order: 2 }),
      stroke('validation', validation.tokens.map((x, i) => ({ x, y: known(validation.loss_nats[i]) ? validation.loss_nats[i] : NaN })), colours.purple,
        { borderWidth: 1, pointRadius: 2, unit, order: 3 }),
      dashed('baseline H', level(data, data.baseline_nats), { order: 4 }),
      ...overlayLines('current_loss_nats').map((dataset) => ({ ...dataset, unit })),
      stroke('bin mean', line(data, series.loss_nats), colours.sky,
        { showLine: false, pointRadius: 1.5, pointBorderWidth: 0, backgroundColor: faint(colours.sky, 0.7), borderColor: faint(colours.sky, 0.7), endLabel: null, unit, order: 7 }),
      ...band(line(data, series.lowest_loss_nats), line(data, series.highest_loss_nats), colours.sky, 0.3),
    ], data);
    describe(charts.loss, `current ${fixed(data.current_loss_nats, 3)} nats per token, mean ${fixed(data.mean_loss_nats, 3)}, baseline ${fixed(data.baseline_nats, 3)}`);
  }

  function drawSlope(data) {
    const { series } = data;
    const from = Math.floor(0.3 * series.tokens.length);
    const recent = (column) => column.slice(from).filter(known);
    const thresholds = recent(series.saturation_threshold_nats_per_doubling);
    const high = Math.max(quantile(recent(series.nats_per_doubling_upper), 0.97) || 0, 2.5 * (thresholds.at(-1) || 0));
    const low = Math.min(0, quantile(recent(series.nats_per_doubling_lower), 0.03) || 0);
    const { y } = charts.slope.options.scales;
    y.min = high > low ? low - 0.06 * (high - low) : undefined;
    y.max = high > low ? high + 0.06 * (high - low) : undefined;
    y.grid.color = (context) => (context.tick && context.tick.value === 0 ? colours.quiet : colours.grid);
    charts.slope.flatSpans = flatSpans(data);
    const unit = 'nats per doubling';
    show(charts.slope, [
      stroke('gained', line(data, series.nats_per_doubling), colours.green, { unit, order: 1 }),
      stroke('threshold', line(data, series.saturation_threshold_nats_per_doubling), colours.quiet, { unit, borderWidth: 1.5, borderDash: [5, 4], order: 2 }),
      ...overlayLines('nats_per_doubling').map((dataset) => ({ ...dataset, unit })),
      ...band(line(data, series.nats_per_doubling_lower), line(data, series.nats_per_doubling_upper), colours.green, 0.22),
    ], data);
    describe(charts.slope, `${plusMinus(data.nats_per_doubling, data.nats_per_doubling_error)} nats per doubling, threshold ${significant(data.saturation_threshold_nats_per_doubling)}`);
  }

  // ---- the parts of the page ----

  function say(text) {
    byId('announcer').textContent = text;
  }

  let toldPhase = null;

  function showHeader(data) {
    const name = byId('run');
    if (name.textContent !== data.run) {
      name.textContent = data.run;
      name.title = shorten(data.run, 1000);
    }
    document.title = shorten(data.run, 60) + ' \u00b7 Etascope';
    const ended = known(data.run_end_timestamp_seconds);
    const trouble = ['fault', 'blow_up', 'risen'].find((condition) => data.conditions.includes(condition));
    byId('dot').className = 'dot ' + (trouble || data.outcome === 'failed' ? 'fault' : data.phase);
    const state = data.outcome || trouble || (data.unsupported_reason ? 'not measured' : data.steps === 0 ? 'waiting' : data.phase);
    figure(byId('phase'), plain(state));
    const conditions = (data.outcome && data.steps > 0 ? [data.phase] : []).concat(data.conditions)
      .concat(ended && !data.outcome ? ['ended'] : []).filter((condition) => condition !== state);
    byId('conditions').replaceChildren(...conditions.map((condition) => make('span', plain(condition), 'condition')));
    const told = byId('phase').textContent;
    if (toldPhase !== null && toldPhase !== told) say(data.sentence);
    toldPhase = told;
    const facts = [];
    if (data.steps > 0) {
      facts.push(['tokens', amount(data.tokens) + SPACE + 'tokens', data.tokens]);
      if (known(data.tokens_per_second)) facts.push(['rate', amount(data.tokens_per_second) + SPACE + 'tokens/s', data.tokens_per_second]);
      facts.push(['elapsed', 'for ' + duration((ended ? data.run_end_timestamp_seconds : data.last_step_timestamp_seconds) - data.run_start_timestamp_seconds)]);
    }
    byId('facts').replaceChildren(...facts.map(([id, text, value]) => {
      const span = make('span');
      span.id = id;
      figure(span, text, value);
      return span;
    }));
  }

  function showVerdict(data) {
    const sentence = byId('sentence');
    const text = data.unsupported_reason
      ? 'no \u03b7 for this run: ' + data.unsupported_reason
      : data.steps === 0 ? 'waiting for the first step' : data.sentence;
    if (sentence.textContent !== text) {
      const colon = text.indexOf(':');
      const [before, ...after] = (colon < 0 ? '' : text.slice(colon)).split('e-fold');
      // "e-fold" stays on one line.
      sentence.replaceChildren(make('b', colon < 0 ? text : text.slice(0, colon)), before, ...after.flatMap((part) => [make('span', 'e-fold'), part]));
    }
    figure(byId('cause'), data.saturation_cause_sentence ? 'Likely cause: ' + data.saturation_cause_sentence + '.' : '');
    const remark = byId('remark');
    const words = data.unsupported_reason ? ''
      : data.steps === 0 ? 'Nothing has been trained since this monitor was built.'
      : data.phase === 'saturated' ? '\u03b7 now grows only because the tokens do. ' : 'This describes the window behind, not the next doubling. ';
    remark.replaceChildren(words);
    if (data.steps > 0) {
      const link = make('a', 'What this means');
      link.href = '#meaning';
      remark.append(link);
    }
  }

  const READINGS = [
    ['transmitted', 'eta', 'information_transmitted_bits', 'transmitted_bits_per_parameter', 'what coding the data online has saved'],
    ['absorbed', 'eta_absorbed', 'information_absorbed_bits', 'absorbed_bits_per_parameter', 'what the model took up'],
    ['dataset', 'eta_dataset', 'information_dataset_bits', 'dataset_bits_per_parameter', 'if the data were coded with today\'s model'],
  ];

  function rowHead(key, text, title) {
    const head = make('th');
    head.scope = 'row';
    head.append(make('span', '', 'key ' + key), text);
    head.title = title;
    return head;
  }

  function cell(id, text, value) {
    const element = make('td');
    element.id = id;
    figure(element, text, value);
    return element;
  }

  function showEta(data) {
    const headline = byId('eta');
    const digits = decimalsFor(data.eta_standard_error);
    figure(headline, fixed(data.eta, digits), data.eta);
    if (known(data.eta_standard_error)) {
      headline.append(' ');
      const error = make('span', '\u00b1' + SPACE + fixed(data.eta_standard_error, digits), 'pm');
      error.id = 'eta-error';
      headline.append(error);
      error.dataset.value = String(data.eta_standard_error);
    }
    byId('readings').replaceChildren(...READINGS.map(([name, eta, bits, perParameter, meaning]) => {
      const row = make('tr');
      row.append(rowHead(name, name, meaning),
        cell(name + '-eta', plusMinus(data[eta], data[eta + '_standard_error']), data[eta]),
        cell(name + '-bits', amount(data[bits]), data[bits]),
        cell(name + '-per-parameter', significant(data[perParameter]), data[perParameter]));
      return row;
    }));
  }

  function showLoss(data) {
    figure(byId('loss'), fixed(data.current_loss_nats, 3) + SPACE + 'nats', data.current_loss_nats);
    figure(byId('loss-in-bits'), 'per token now, or ' + fixed(data.bits_per_token, 3) + SPACE + 'bits', data.bits_per_token);
    const rows = [
      ['current', 'current L, the last three bins', data.current_loss_nats, data.current_loss_standard_error_nats],
      ['mean', 'mean L\u0304, all tokens so far', data.mean_loss_nats, null],
      ['validation', 'validation, the latest', data.validation_loss_nats, null],
      ['baseline', 'baseline H, ' + data.baseline_words + (data.conditions.includes('baseline_assumed') ? ', assumed' : ''), data.baseline_nats, data.baseline_standard_error_nats],
    ].filter(([name, , value]) => known(value) || name !== 'validation');
    byId('losses').replaceChildren(...rows.map(([name, words, value, error]) => {
      const row = make('tr');
      row.append(rowHead(name, words, ''), cell(name + '-loss', plusMinus(value, error || NaN), value));
      return row;
    }));
  }

  function showSlope(data) {
    const ready = known(data.nats_per_doubling);
    figure(byId('slope'), ready ? plusMinus(data.nats_per_doubling, data.nats_per_doubling_error) + SPACE + 'nats' : 'not yet', data.nats_per_doubling);
    const decimals = decimalsFor(data.nats_per_doubling_error);
    figure(byId('slope-remark'), ready
      ? 'per doubling of the tokens; below ' + fixed(data.saturation_threshold_nats_per_doubling, decimals) + ' counts as flat'
        + (data.validation_deciding ? '. Of the validation losses; the curve is of the training losses' : '')
      : 'a slope needs 16 bins of the curve, ' + data.bins + ' are closed', data.saturation_threshold_nats_per_doubling);
  }

  function showTiles(data) {
    const p = data.process;
    const planned = known(data.planned_tokens);
    const validated = known(data.validation_loss_nats);
    const ahead = data.forecast;
    const gain = (nats) => known(nats) ? '\u2212' + fixed(nats, 2) + SPACE + 'nats' : UNKNOWN;
    const words = data.forecast_sentences;
    const tiles = [
      ['time-left', planned && !known(data.run_end_timestamp_seconds) && data.steps > 0, 'time left', duration(data.seconds_left), data.seconds_left, 'of ' + amount(data.planned_tokens) + ' planned tokens'],
      ['planned-end', planned, 'forecast of the planned end', known(ahead.planned_end.loss_nats) ? fixed(ahead.planned_end.loss_nats, 2) + SPACE + 'nats' : UNKNOWN, ahead.planned_end.loss_nats, words.planned_end],
      ['next-doubling', true, 'forecast of the next doubling', gain(ahead.next_doubling.gain_nats), ahead.next_doubling.gain_nats, words.next_doubling],
      ['decay-now', known(ahead.decay_now.gain_nats), 'a decay from now', gain(ahead.decay_now.gain_nats), ahead.decay_now.gain_nats, words.decay_now],
      ['landauer', true, 'Landauer floor E\u2080', scientific(data.landauer_floor_joules) + SPACE + 'J', data.landauer_floor_joules, 'for the transmitted bits at ' + significant(data.temperature_kelvin) + SPACE + 'K'],
      ['perplexity', true, 'perplexity', significant(data.perplexity, 4), data.perplexity, 'e to the current loss'],
      ['compression', true, 'compression', fixed(data.compression_ratio, 2) + SPACE + '\u00d7', data.compression_ratio, 'baseline over mean loss'],
      ['effective', true, 'effective tokens', amount(data.effective_tokens), data.effective_tokens, known(data.unique_tokens) ? 'of ' + amount(data.unique_tokens) + ' unique ones' : 'unique tokens not known'],
      ['epochs', known(data.epochs), 'epochs', fixed(data.epochs, 2), data.epochs, known(data.unique_tokens) ? 'tokens over unique tokens' : 'as the framework counts'],
      ['learning-rate', known(data.learning_rate), 'learning rate', significant(data.learning_rate), data.learning_rate, 'peak ' + significant(data.learning_rate_peak)],
      ['gap', validated, 'generalisation gap', fixed(data.generalization_gap_nats, 3) + SPACE + 'nats', data.generalization_gap_nats, 'validation over training loss'],
      ['memorised', known(data.memorized_bits), 'memorised', amount(data.memorized_bits) + SPACE + 'bits', data.memorized_bits, 'beyond what also helps on new data'],
      ['faults', true, 'faults', exact(data.nonfinite + data.skipped + p.listener_errors), data.nonfinite + data.skipped + p.listener_errors,
        exact(data.nonfinite) + ' non-finite, ' + exact(data.skipped) + ' skipped, ' + exact(p.listener_errors) + ' of the monitor'],
    ];
    byId('tiles').replaceChildren(...tiles.filter(([, shown]) => shown).map(([id, , title, text, value, more]) => {
      const tile = make('div');
      const number = make('dd');
      number.id = 'tile-' + id;
      figure(number, text, value);
      tile.append(make('dt', title), number, make('dd', more, 'more'));
      return tile;
    }));
  }

  function showProvenance(data) {
    const p = data.process;
    const assumed = data.conditions.includes('baseline_assumed') ? '; assumed, not measured on this run' : '';
    const suspect = data.conditions.includes('baseline_suspect') ? '; suspect: the first step cost ' + fixed(data.initial_loss_nats, 3) + ' nats' : '';
    const facts = [
      ['baseline H', plusMinus(data.baseline_nats, data.baseline_standard_error_nats) + ' nats per token, by ' + data.baseline_words + assumed + suspect],
      ['model', [data.model, known(data.parameters)
        ? exact(data.parameters) + ' parameters \u00d7 ' + significant(data.bits_per_parameter).replace(/\.0+$/, '') + ' bit = ' + amount(data.model_size_bits) + 'bit'
        : 'size not known'].filter(Boolean).join(': ')],
      ['data', [data.dataset, known(data.vocabulary_size) ? 'vocabulary of ' + exact(data.vocabulary_size) + ' tokens' : 'vocabulary not known',
        known(data.unique_tokens) ? exact(data.unique_tokens) + ' unique tokens' : ''].filter(Boolean).join(', ')],
      ['units', data.unit_convention === 'consistent' ? 'consistent: bits are nats / ln 2' : 'the paper\'s literal reading: nats are taken for bits'],
      ['saturation test', data.window_efolds
        ? `over the last ${significant(data.window_efolds)} e-folds of ${data.bins} bins of the curve; flat below ${significant(data.saturation_threshold_ratio)} of the run's average slope; now at ${significant(data.progress_ratio)} of it`
        : `begins with 16 bins, ${data.bins} are closed`],
      ['verdict rests on', data.validation_deciding ? 'the validation losses' : 'the training losses'],
      ['first flat at', known(data.saturated_at_tokens) ? exact(data.saturated_at_tokens) + ' tokens' : 'never'],
      ['growth of \u03b7', known(data.eta_loglog_slope) ? '1 % more tokens, ' + significant(data.eta_loglog_slope) + ' % more of the dataset reading' : UNKNOWN],
      ['steps', `${exact(data.steps)} steps in ${exact(data.points)} reported losses; ${exact(data.nonfinite)} not finite, ${exact(data.skipped)} skipped`],
      ['segments', data.segment === 0 ? '1, without a break' : String(data.segment + 1) + ', gone on without stored state'],
      ['this process', `${exact(p.steps)} steps, ${exact(p.tokens)} tokens; ${fixed(p.listener_seconds, 2)} s inside the monitor's callbacks`],
      ['faults of the monitor', `${exact(p.listener_errors)} contained errors, ${exact(p.observer_errors)} of observers, ${exact(p.dropped_events)} dropped events`],
      ['times', ['began ' + clock(data.run_start_timestamp_seconds), known(data.last_step_timestamp_seconds) ? 'last step ' + clock(data.last_step_timestamp_seconds) : '',
        known(data.run_end_timestamp_seconds) ? (data.outcome || 'ended') + ' ' + clock(data.run_end_timestamp_seconds) : ''].filter(Boolean).join(', ')],
    ];
    byId('facts-list').replaceChildren(...facts.flatMap(([title, text]) => [make('dt', title), make('dd', text)]));
    figure(byId('version'), 'Etascope' + (data.version ? ' ' + data.version : ''));
    if (!report) byId('json-link').href = runPath(data.run);
  }

  const digits = (x) => significant(x, 5);
  const COLUMNS = [
    { title: 'tokens', key: 'tokens', write: exact },
    { title: 'step', key: 'steps', write: exact },
    { title: 'loss', key: 'loss_nats', write: digits },
    { title: 'mean', key: 'mean_loss_nats', write: digits },
    { title: 'current', key: 'current_loss_nats', write: digits },
    { title: '\u03b7', key: 'eta', write: digits },
    { title: 'absorbed', key: 'eta_absorbed', write: digits },
    { title: 'dataset', key: 'eta_dataset', write: digits },
    { title: 'nats per doubling', key: 'nats_per_doubling', write: digits },
    { title: 'phase', key: 'phase', write: String },
  ];

  function showTable(data) {
    if (!byId('table').open) return;
    const head = make('tr');
    head.append(...COLUMNS.map(({ title }) => Object.assign(make('th', title), { scope: 'col' })));
    byId('columns').replaceChildren(head);
    const rows = [];
    for (let i = data.series.tokens.length - 1; i >= 0; i--) {
      const row = make('tr');
      row.append(...COLUMNS.map(({ key, write }) => make('td', write(data.series[key][i]))));
      rows.push(row);
    }
    byId('rows').replaceChildren(...rows);
  }

  function showChooser() {
    byId('chooser').hidden = list.length < 2;
    if (list.length < 2) return;
    const buttons = byId('runs').querySelectorAll('button');
    const same = buttons.length === list.length && list.every((run, i) => buttons[i].dataset.run === run.run);
    if (!same) byId('runs').replaceChildren(...list.map(chooserEntry));
    list.forEach((run, i) => {
      const button = byId('runs').querySelectorAll('button')[i];
      button.setAttribute('aria-current', String(run.run === chosen));
      const trouble = run.outcome === 'failed' || ['fault', 'blow_up', 'risen'].some((condition) => run.conditions.includes(condition));
      button.querySelector('.dot').className = 'dot ' + (trouble ? 'fault' : run.phase);
      figure(button.querySelector('.quiet'), run.steps === 0 ? 'waiting' : (run.outcome || run.phase) + ', \u03b7' + SPACE + significant(run.eta));
    });
  }

  function chooserEntry(run) {
    const item = make('li');
    const button = make('button');
    button.type = 'button';
    button.dataset.run = run.run;
    const dot = make('span', '', 'dot');
    dot.setAttribute('aria-hidden', 'true');
    button.append(dot, make('span', shorten(run.run, 80), 'name'), make('span', '', 'quiet'));
    button.addEventListener('click', () => {
      location.hash = 'run=' + encodeURIComponent(run.run);
    });
    item.append(button);
    return item;
  }

  function render() {
    showChooser();
    if (!shown) return;
    const data = shown;
    document.body.classList.toggle('waiting', data.steps === 0);
    showHeader(data);
    showVerdict(data);
    showFreshness();
    if (data.steps === 0) return;
    showEta(data);
    showLoss(data);
    showSlope(data);
    showTiles(data);
    showProvenance(data);
    showTable(data);
    if (!charts) makeCharts();
    if (data.series.tokens.length) {
      drawEta(data);
      drawLoss(data);
      drawSlope(data);
    }
  }

  function showNoRun() {
    shown = null;
    document.body.classList.add('waiting');
    figure(byId('run'), 'no run yet');
    byId('dot').className = 'dot';
    figure(byId('phase'), 'waiting');
    byId('conditions').replaceChildren();
    byId('facts').replaceChildren();
    byId('sentence').replaceChildren(make('b', 'waiting for a run'));
    figure(byId('cause'), '');
    figure(byId('remark'), 'No run is registered with this endpoint yet.');
    showChooser();
    showFreshness();
  }

  /** How old the figures are; grey when they are not those of now. */
  function showFreshness() {
    const freshness = byId('freshness');
    let words = '';
    let late = false;
    const gone = silentSince !== null;
    if (shown && known(shown.run_end_timestamp_seconds)) {
      words = (shown.outcome || 'ended') + ' ' + clock(shown.run_end_timestamp_seconds) + ', last values';
    } else if (report) {
      words = 'as of ' + clock(shown.now_seconds);
    } else if (gone) {
      words = 'ended at ' + clock(silentSince) + ' or out of reach, last values';
      late = true;
    } else if (shown && known(shown.last_step_timestamp_seconds)) {
      const age = Math.max(0, Date.now() / 1000 + clockOffset - shown.last_step_timestamp_seconds);
      const step = (shown.last_step_timestamp_seconds - shown.run_start_timestamp_seconds) / shown.process.steps;
      late = age > Math.max(LATE_SECONDS, LATE_STEPS * (known(step) ? step : 0));
      words = late ? 'no step for ' + duration(age) : 'updated ' + duration(age) + ' ago';
    }
    figure(freshness, words);
    freshness.classList.toggle('late', late);
    document.body.classList.toggle('stale', gone || late);
  }

  // ---- the clockwork ----

  const recording = byId('recording');
  const report = recording !== null;
  let list = [];
  let shown = null;
  let chosen = chosenByAddress();
  let overlays = new Map();
  let clockOffset = 0;
  let lastAnswerSeconds = Date.now() / 1000;
  let silentSince = null;
  let timer = 0;

  const overlaying = () => byId('overlay').checked && list.length > 1;

  function chosenByAddress() {
    const match = /^#run=(.*)$/.exec(location.hash);
    try {
      return match ? decodeURIComponent(match[1]) : null;
    } catch {
      return null;
    }
  }

  // In the query, not in the path: browsers take a path that ends in "." or ".." for a folder, encoded or not.
  const runPath = (run) => 'api/runs?run=' + encodeURIComponent(run);

  async function get(path) {
    const abort = new AbortController();
    const timeout = setTimeout(() => abort.abort(), TIMEOUT_MILLIS);
    try {
      const response = await fetch(path, { cache: 'no-store', signal: abort.signal, headers: { Accept: 'application/json' } });
      if (!response.ok) throw new Error(path + ': ' + response.status);
      return await response.json();
    } finally {
      clearTimeout(timeout);
    }
  }

  /** The newest run that goes on, else the newest. */
  function mostInteresting() {
    const byStart = [...list].sort((a, b) => b.run_start_timestamp_seconds - a.run_start_timestamp_seconds);
    return (byStart.find((run) => !known(run.run_end_timestamp_seconds)) || byStart[0]).run;
  }

  async function ask() {
    list = await get('api/runs');
    if (!list.length) return null;
    if (!list.some((run) => run.run === chosen)) chosen = mostInteresting();
    const data = await get(runPath(chosen));
    const wanted = overlaying() ? list.filter((run) => run.run !== chosen && run.steps > 0).slice(0, MOST_OVERLAYS) : [];
    overlays = new Map(await Promise.all(wanted.map(async (run) => [run.run, await get(runPath(run.run))])));
    return data;
  }

  let asking = false;

  async function poll() {
    clearTimeout(timer);
    if (asking) return;
    asking = true;
    let answer;
    try {
      answer = await ask();
      silentSince = null;
      lastAnswerSeconds = Date.now() / 1000;
    } catch {
      // The server has ended, or restarts: keep what there is, say how old it is, and look again.
      silentSince = silentSince === null ? lastAnswerSeconds : silentSince;
    }
    asking = false;
    if (silentSince !== null) {
      showFreshness();
    } else if (answer) {
      shown = answer;
      clockOffset = answer.now_seconds - Date.now() / 1000;
      render();
    } else {
      showNoRun();
    }
    if (!document.hidden) timer = setTimeout(poll, POLL_MILLIS);
  }

  function begin() {
    for (const canvas of document.querySelectorAll('canvas')) canvas.addEventListener('keydown', walk);
    byId('table').addEventListener('toggle', () => shown && showTable(shown));
    byId('eta-scale').addEventListener('click', () => {
      etaIsLog = !etaIsLog;
      drawEta(shown);
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      if (charts) {
        makeCharts();
        render();
      }
    });
    addEventListener('hashchange', () => {
      if (location.hash === '#meaning') byId('meaning').open = true;
      const wanted = chosenByAddress();
      if (wanted !== null && wanted !== chosen) {
        chosen = wanted;
        poll();
      }
    });
    if (report) {
      shown = JSON.parse(recording.textContent);
      byId('metrics-link').remove();
      byId('json-link').remove();
      render();
      return;
    }
    byId('overlay').addEventListener('change', poll);
    document.addEventListener('visibilitychange', () => document.hidden || poll());
    setInterval(() => shown && showFreshness(), 1000);
    poll();
  }

  begin();
})();
