/* The run in figures and words: from the state and the verdict down to how the numbers were found. */

import { say } from './charts.js';
import { amount, byId, clock, decimalsFor, duration, exact, figure, fixed, keyed, known, make, nameOf, plain, plusMinus, scientific, setText, shorten, significant, SPACE, unitOf, UNKNOWN } from './words.js';
import { report, runPath, runs } from './runs.js';

const LATE_SECONDS = 60;
const LATE_STEPS = 10;
const TROUBLE = ['fault', 'blow_up', 'risen'];

/** The one word for where a run stands, and the shape and colour that go with it. */
export function stateOf(run) {
  const trouble = TROUBLE.find((condition) => (run.conditions || []).includes(condition));
  const ended = known(run.run_end_timestamp_seconds);
  if (run.outcome) return { word: run.outcome, look: run.outcome === 'failed' ? 'fault' : 'ended' };
  if (ended) return { word: 'ended', look: 'ended' };
  if (trouble) return { word: plain(trouble), look: 'fault' };
  if (run.unsupported_reason) return { word: 'not measured', look: '' };
  if (run.steps === 0) return { word: 'waiting', look: '' };
  return { word: run.phase, look: run.phase };
}

let toldState = null;

function showHeader(run) {
  const name = byId('run');
  if (name.dataset.run !== run.run) {
    name.dataset.run = run.run;
    name.replaceChildren(nameOf(run.run));
  }
  document.title = shorten(run.run, 60) + ' \u00b7 Etascope';
  const { word, look } = stateOf(run);
  // Without the server nobody knows whether training goes on.
  const lost = runs.silentSince !== null && !known(run.run_end_timestamp_seconds);
  byId('dot').className = 'dot ' + (lost ? 'lost' : look);
  setText(byId('phase'), lost ? 'no contact' : word);
  const ended = known(run.run_end_timestamp_seconds);
  const conditions = (ended && run.steps > 0 ? [run.phase] : []).concat(run.conditions).map(plain)
    .filter((condition) => condition !== word && !(run.steps === 0 && condition === 'no step'));
  keyed(byId('conditions'), conditions, (one) => one, (one) => make('span', one, 'condition'), () => {});
  if (toldState !== null && toldState !== word) say(word + ': ' + run.sentence);
  toldState = word;
  const facts = [];
  if (run.steps > 0) {
    const unit = unitOf(run) + 's';
    facts.push(['tokens', amount(run.tokens) + SPACE + unit, run.tokens], ['steps', 'step' + SPACE + exact(run.steps), run.steps]);
    if (known(run.tokens_per_second) && !ended) facts.push(['rate', amount(run.tokens_per_second) + SPACE + unit + '/s', run.tokens_per_second]);
    if (known(run.seconds_left) && !ended) facts.push(['left', duration(run.seconds_left) + ' left', run.seconds_left]);
  }
  keyed(byId('facts'), facts, ([id]) => id, ([id]) => Object.assign(make('span'), { id }), (span, [, text, value]) => figure(span, text, value));
}

function showOutcome(run) {
  const outcome = byId('outcome');
  const ended = known(run.run_end_timestamp_seconds);
  outcome.hidden = !ended;
  if (!ended) return;
  const { word, look } = stateOf(run);
  const symbol = { finished: '\u2713', failed: '\u2715', interrupted: '\u25a0' }[word] || '\u25a0';
  outcome.className = look;
  const text = ` ${symbol} ${word} after ${duration(run.run_end_timestamp_seconds - run.run_start_timestamp_seconds)}, `
    + `${amount(run.tokens)} ${unitOf(run)}s${known(run.current_loss_nats) ? ', at ' + fixed(run.current_loss_nats, 3) + ' nats' : ''}`;
  setText(outcome, text.trim());
}

/** How many losses were not finite, and where. */
function nonFinite(run) {
  const holes = (run.marks || []).filter((mark) => mark.kind === 'non_finite');
  if (holes.length === 1) return holes[0].sentence;
  const where = holes.length ? `, the first at step ${exact(holes[0].first_step)}, the last at step ${exact(holes.at(-1).last_step)}` : '';
  return `${exact(run.nonfinite)} losses not finite${where}`;
}

function showVerdict(run) {
  showOutcome(run);
  const sentence = byId('sentence');
  const text = run.unsupported_reason
    ? 'no \u03b7 for this run: ' + run.unsupported_reason
    : run.steps === 0 && !run.nonfinite && !run.skipped ? 'waiting for the first step' : run.sentence;
  if (sentence.textContent !== text) {
    const colon = text.indexOf(':');
    sentence.replaceChildren(make('b', colon < 0 ? text : text.slice(0, colon)), colon < 0 ? '' : text.slice(colon));
  }
  const last = run.events.filter((event) => event.event).at(-1);
  // The verdict itself says that the loss is risen.
  const latest = last && !run.conditions.includes(last.event) ? last : null;
  byId('latest').hidden = !latest;
  if (latest) setText(byId('latest'), `${latest.sentence} (told at ${amount(latest.tokens)} ${unitOf(run)}s${known(latest.seconds) ? ', ' + clock(latest.seconds) : ''})`);
  byId('nonfinite').hidden = !run.nonfinite;
  if (run.nonfinite) setText(byId('nonfinite'), nonFinite(run));
  setText(byId('cause'), run.saturation_cause_sentence ? 'Likely cause: ' + run.saturation_cause_sentence + '.' : '');
  const words = run.unsupported_reason ? ''
    : run.steps === 0 ? 'Nothing has been trained since this monitor was built.'
    : run.phase === 'saturated' ? `\u03b7 now grows only because the ${unitOf(run)}s do.`
    : known(run.nats_per_doubling) ? 'This describes the window behind, not the next doubling.' : '';
  setText(byId('remark'), words);
  byId('to-meaning').hidden = run.steps === 0;
}

const READINGS = [
  ['transmitted', 'eta', 'information_transmitted_bits', 'transmitted_bits_per_parameter', 'what coding the data online has saved'],
  ['absorbed', 'eta_absorbed', 'information_absorbed_bits', 'absorbed_bits_per_parameter', 'what the model took up'],
  ['dataset', 'eta_dataset', 'information_dataset_bits', 'dataset_bits_per_parameter', 'if the data were coded with today\'s model'],
];

/** Rows of figures under a body: a head with the colour of its line, then cells of [id, text, value]. */
function rows(id, list) {
  keyed(byId(id), list, (row) => row.key, (row) => {
    const element = make('tr');
    const head = make('th');
    head.scope = 'row';
    if (row.title) head.title = row.title;
    if (row.swatch !== false) head.append(make('span', '', 'key ' + row.key));
    head.append(make('span'));
    element.append(head, ...row.cells.map(([cell]) => Object.assign(make('td'), { id: cell })));
    return element;
  }, (element, row) => {
    setText(element.firstElementChild.lastElementChild, row.head);
    row.cells.forEach(([, text, value], i) => figure(element.children[i + 1], text, value));
  });
}

function showEta(run) {
  const digits = decimalsFor(run.eta_standard_error);
  figure(byId('eta'), fixed(run.eta, digits), run.eta);
  byId('eta-error').hidden = !known(run.eta_standard_error);
  figure(byId('eta-error'), '\u00b1' + SPACE + fixed(run.eta_standard_error, digits), run.eta_standard_error);
  rows('readings', READINGS.map(([name, eta, bits, perParameter, title]) => ({
    key: name, head: name, title,
    cells: [
      [name + '-eta', plusMinus(run[eta], run[eta + '_standard_error']), run[eta]],
      [name + '-bits', amount(run[bits]), run[bits]],
      [name + '-per-parameter', significant(run[perParameter]), run[perParameter]],
    ],
  })));
}

function showLoss(run) {
  const unit = unitOf(run);
  figure(byId('loss'), fixed(run.current_loss_nats, 3) + SPACE + 'nats', run.current_loss_nats);
  figure(byId('loss-in-bits'), `per ${unit} now, or ${fixed(run.bits_per_token, 3)}${SPACE}bits`, run.bits_per_token);
  setText(byId('speed-title'), unit + 's per second');
  setText(byId('loss-left'), 'nats/' + unit);
  setText(byId('loss-right'), 'bits/' + unit);
  setText(byId('loss-unit'), 'nats/' + unit);
  const assumed = run.conditions.includes('baseline_assumed') ? ', assumed' : '';
  rows('losses', [
    ['current', 'current L, the last three bins', run.current_loss_nats, run.current_loss_standard_error_nats],
    ['mean', `mean L\u0304, all ${unit}s so far`, run.mean_loss_nats, null],
    ['validation', 'validation, the latest', run.validation_loss_nats, null],
    ['baseline', 'baseline H, ' + run.baseline_words + assumed, run.baseline_nats, run.baseline_standard_error_nats],
  ].filter(([key, , value]) => known(value) || key !== 'validation')
    .map(([key, head, value, error]) => ({ key, head, cells: [[key + '-loss', plusMinus(value, error || NaN), value]] })));
}

function showSlope(run) {
  const ready = known(run.nats_per_doubling);
  figure(byId('slope'), ready ? plusMinus(run.nats_per_doubling, run.nats_per_doubling_error) + SPACE + 'nats' : 'not yet', run.nats_per_doubling);
  const decimals = decimalsFor(run.nats_per_doubling_error);
  figure(byId('slope-remark'), ready
    ? `per doubling of the ${unitOf(run)}s; below ${fixed(run.saturation_threshold_nats_per_doubling, decimals)} counts as flat`
      + (run.validation_deciding ? '. Of the validation losses; the curve is of the training losses' : '')
    : run.bins < 16 ? `a slope needs 16 bins of the curve, ${run.bins} are closed` : 'the window begins anew', run.saturation_threshold_nats_per_doubling);
}

/** What is still to gain, and how long it takes: the forecast's own figures, and the time at the rate of now. */
function showAhead(run) {
  const { forecast } = run;
  const rate = run.tokens_per_second;
  const ended = known(run.run_end_timestamp_seconds);
  const answers = [
    ['planned-end', forecast.planned_end, run.forecast_sentences.planned_end, forecast.planned_end.loss_nats],
    ['next-doubling', forecast.next_doubling, run.forecast_sentences.next_doubling, forecast.next_doubling.gain_nats],
    ['decay-now', forecast.decay_now, run.forecast_sentences.decay_now, forecast.decay_now.gain_nats],
  ];
  keyed(byId('answers'), answers, ([key]) => key, ([key]) => {
    const item = make('li');
    item.append(make('span', '', 'key ' + key), Object.assign(make('span'), { id: key }), ' ', Object.assign(make('span', undefined, 'quiet'), { id: key + '-at' }));
    return item;
  }, (item, [key, answer, words, value]) => {
    const seconds = (answer.tokens - run.tokens) / rate;
    item.firstElementChild.hidden = !known(answer.loss_nats);
    figure(item.children[1], words, value);
    figure(item.children[2], known(answer.tokens) ? `At ${amount(answer.tokens)} ${unitOf(run)}s${known(seconds) && !ended ? ', in ' + duration(seconds) : ''}.` : '', answer.tokens);
  });
  const best = known(forecast.planned_end.gain_nats) ? ['planned_end', 'to the planned end'] : ['next_doubling', 'by the next doubling'];
  const answer = forecast[best[0]];
  figure(byId('gain'), known(answer.gain_nats) ? fixed(answer.gain_nats, decimalsFor(answer.gain_upper_nats - answer.gain_lower_nats)) + SPACE + 'nats' : 'no forecast', answer.gain_nats);
  setText(byId('gain-remark'), known(answer.gain_nats) ? `still to gain ${best[1]}` + (!ended && known(run.seconds_left) && best[0] === 'planned_end' ? `, in ${duration(run.seconds_left)}` : '') : forecast.decay_now.refused || forecast.next_doubling.refused || '');
  byId('ahead').classList.toggle('refused', !answers.some(([, one]) => known(one.loss_nats)));
}

function tiles(id, list) {
  keyed(byId(id), list.filter(([, shown]) => shown), ([key]) => key, ([key]) => {
    const tile = make('div');
    tile.append(make('dt'), Object.assign(make('dd'), { id: 'tile-' + key }), make('dd', undefined, 'more'));
    return tile;
  }, (tile, [, , title, text, value, more]) => {
    setText(tile.children[0], title);
    figure(tile.children[1], text, value);
    setText(tile.children[2], more);
  });
}

function showTiles(run) {
  const p = run.process;
  const validated = known(run.validation_loss_nats);
  const unit = unitOf(run);
  tiles('tiles', [
    ['time-left', known(run.seconds_left), 'time left', duration(run.seconds_left), run.seconds_left, `of ${amount(run.planned_tokens)} planned ${unit}s`],
    ['landauer', true, 'Landauer floor E\u2080', scientific(run.landauer_floor_joules) + SPACE + 'J', run.landauer_floor_joules, 'for the transmitted bits at ' + significant(run.temperature_kelvin) + SPACE + 'K' + ('energy_joules' in run ? '' : '; what it really takes is not measured')],
    ['perplexity', true, 'perplexity', significant(run.perplexity, 4), run.perplexity, 'e to the current loss'],
    ['compression', true, 'compression', fixed(run.compression_ratio, 2) + SPACE + '\u00d7', run.compression_ratio, 'baseline over mean loss'],
    ['effective', known(run.effective_tokens), `effective ${unit}s`, amount(run.effective_tokens), run.effective_tokens, known(run.unique_tokens) ? 'of ' + amount(run.unique_tokens) + ' unique ones' : `unique ${unit}s not known`],
    ['epochs', known(run.epochs), 'epochs', fixed(run.epochs, 2), run.epochs, known(run.unique_tokens) ? `${unit}s over unique ${unit}s` : 'as the framework counts'],
    ['learning-rate', known(run.learning_rate), 'learning rate', significant(run.learning_rate), run.learning_rate, 'peak ' + significant(run.learning_rate_peak)],
    ['gap', validated, 'generalisation gap', fixed(run.generalization_gap_nats, 3) + SPACE + 'nats', run.generalization_gap_nats, 'validation over training loss'],
    ['memorised', known(run.memorized_bits), 'memorised', amount(run.memorized_bits) + SPACE + 'bits', run.memorized_bits, 'beyond what also helps on new data'],
    ['faults', true, 'faults', exact(run.nonfinite + run.skipped + p.listener_errors), run.nonfinite + run.skipped + p.listener_errors,
      exact(run.nonfinite) + ' non-finite, ' + exact(run.skipped) + ' skipped, ' + exact(p.listener_errors) + ' of the monitor'],
  ]);
}

/** Joules, where something measures. */
function showEnergy(run) {
  const measured = 'energy_joules' in run;
  const sentences = run.energy_sentences || [];
  byId('energy').hidden = !measured;
  if (!measured) return;
  const price = [run.joules_per_absorbed_bit, run.joules_per_absorbed_bit_lower, run.joules_per_absorbed_bit_upper];
  const next = [run.next_hundredth_nat_joules, run.next_hundredth_nat_joules_lower, run.next_hundredth_nat_joules_upper];
  const range = ([, lower, upper]) => (known(upper) ? `${joules(lower)} to ${joules(upper)}` : `from ${joules(lower)} on`);
  tiles('energy-tiles', [
    ['joules', true, 'measured', known(run.energy_joules) ? joules(run.energy_joules) : 'not measured', run.energy_joules, run.energy_shared ? 'of this machine, which other runs shared' : 'of this machine'],
    ['price', known(run.joules_per_absorbed_bit_lower), 'an absorbed bit costs now', known(price[0]) ? joules(price[0]) : 'no price: nothing is learnt', price[0], range(price)],
    ['per-token', known(run.joules_per_token), `a ${unitOf(run)} costs`, joules(run.joules_per_token), run.joules_per_token, 'mean of those measured'],
    ['next', known(next[0]), 'the next 0.01 nats cost', joules(next[0]), next[0], range(next)],
    ['end', run.planned_end_joules > 0, 'the way to the planned end', joules(run.planned_end_joules), run.planned_end_joules, 'at the price of now'],
    ['plateau', known(run.joules_since_plateau), 'since the plateau', joules(run.joules_since_plateau), run.joules_since_plateau, 'what stopping there would have saved'],
  ]);
  const orders = run.log10_energy_ratio;
  byId('orders').hidden = !known(orders);
  if (known(orders)) {
    byId('orders-bar').value = orders;
    figure(byId('orders-figure'), '10^' + fixed(orders, 1), orders);
  }
  const parts = known(run.energy_joules) ? sentences.slice(0, 1) : [];
  setText(byId('energy-remark'), parts.concat(run.energy_reason ? sentences.at(-1) : []).join(' '));
}

/** With a prefix from nano to exa. */
function joules(value) {
  if (!known(value)) return UNKNOWN;
  const power = value ? Math.max(-3, Math.min(6, Math.floor(Math.log10(Math.abs(value)) / 3))) : 0;
  return significant(value / 1000 ** power) + SPACE + ['n', '\u00b5', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'][power + 3] + 'J';
}

/** What each layer leaves of the next token, where a probe is set. */
function showLayers(run) {
  const { layers } = run;
  byId('layers').hidden = !layers;
  if (!layers) return;
  const interval = known(layers.decay_ratio_lower) ? ` (${fixed(layers.decay_ratio_lower, 3)} to ${fixed(layers.decay_ratio_upper, 3)})` : '';
  figure(byId('decay-ratio'), known(layers.decay_ratio) ? '\u00d7' + SPACE + fixed(layers.decay_ratio, 3) : UNKNOWN, layers.decay_ratio);
  setText(byId('decay-remark'), `a layer${interval}` + (known(layers.correlation) ? `, r ${fixed(layers.correlation, 3)}` : '')
    + `, at ${amount(layers.tokens)} ${unitOf(run)}s`);
  setText(byId('layers-note'), [known(layers.furthest_layer) && `layer ${layers.furthest_layer} is furthest off the line (\u00d7 ${fixed(layers.furthest_ratio, 2)})`, layers.note].filter(Boolean).join('; '));
  keyed(byId('layer-bars'), layers.residuals.map((value, i) => [i + 1, value, layers.residuals_by_frequency[i]]), ([layer]) => String(layer), ([layer]) => {
    const row = make('tr');
    const head = make('th', String(layer));
    head.scope = 'row';
    const bar = make('meter');
    bar.setAttribute('aria-label', 'prediction residual of layer ' + layer);
    const cell = make('td');
    cell.append(bar);
    row.append(head, cell, make('td'), make('td'));
    return row;
  }, (row, [, value, byFrequency]) => {
    const bar = row.children[1].firstElementChild;
    bar.hidden = !known(value);
    bar.value = known(value) ? value : 0;
    figure(row.children[2], known(value) ? fixed(value, 4) : 'unknown', value);
    figure(row.children[3], known(byFrequency) ? fixed(byFrequency, 4) : 'unknown', byFrequency);
  });
}

function showProvenance(run) {
  const p = run.process;
  const unit = unitOf(run);
  const assumed = run.conditions.includes('baseline_assumed') ? '; assumed, not measured on this run' : '';
  const suspect = run.conditions.includes('baseline_suspect') ? '; suspect: the first step cost ' + fixed(run.initial_loss_nats, 3) + ' nats' : '';
  const facts = [
    ['baseline H', plusMinus(run.baseline_nats, run.baseline_standard_error_nats) + ` nats per ${unit}, by ` + run.baseline_words + assumed + suspect],
    ['model', [run.model, known(run.parameters)
      ? exact(run.parameters) + ' parameters \u00d7 ' + significant(run.bits_per_parameter).replace(/\.0+$/, '') + ' bit = ' + amount(run.model_size_bits) + 'bit'
      : 'size not known'].filter(Boolean).join(': ')],
    ['data', [run.dataset, known(run.vocabulary_size) ? 'vocabulary of ' + exact(run.vocabulary_size) + ' tokens' : 'vocabulary not known',
      known(run.unique_tokens) ? `${exact(run.unique_tokens)} unique ${unit}s` : ''].filter(Boolean).join(', ')],
    ['units', run.unit_convention === 'consistent' ? 'consistent: bits are nats / ln 2' : 'the paper\'s literal reading: nats are taken for bits'],
    ['saturation test', run.window_efolds
      ? `over the last ${significant(run.window_efolds)} e-folds of ${run.bins} bins of the curve; flat below ${significant(run.saturation_threshold_ratio)} of the run's average slope; now at ${significant(run.progress_ratio)} of it`
      : `begins with 16 bins, ${run.bins} are closed`],
    ['verdict rests on', run.validation_deciding ? 'the validation losses' : 'the training losses'],
    ['first flat at', known(run.saturated_at_tokens) ? `${exact(run.saturated_at_tokens)} ${unit}s` : 'never'],
    ['growth of \u03b7', known(run.eta_loglog_slope) ? `1 % more ${unit}s, ${significant(run.eta_loglog_slope)} % more of the dataset reading` : UNKNOWN],
    ['steps', `${exact(run.steps)} steps in ${exact(run.points)} reported losses; ${exact(run.nonfinite)} not finite, ${exact(run.skipped)} skipped`],
    ['segments', run.segment === 0 ? '1, without a break' : String(run.segment + 1) + ', gone on without stored state'],
    ['this process', `${exact(p.steps)} steps, ${exact(p.tokens)} ${unit}s; ${fixed(p.listener_seconds, 2)} s inside the monitor's callbacks`],
    ['faults of the monitor', `${exact(p.listener_errors)} contained errors, ${exact(p.observer_errors)} of observers, ${exact(p.dropped_events)} dropped events`],
    ['times', ['began ' + clock(run.run_start_timestamp_seconds), known(run.last_step_timestamp_seconds) ? 'last step ' + clock(run.last_step_timestamp_seconds) : '',
      known(run.run_end_timestamp_seconds) ? (run.outcome || 'ended') + ' ' + clock(run.run_end_timestamp_seconds) : ''].filter(Boolean).join(', ')],
  ];
  keyed(byId('facts-list'), facts, ([title]) => title, ([title]) => {
    const fact = make('div');
    fact.append(make('dt', title), make('dd'));
    return fact;
  }, (fact, [, text]) => setText(fact.lastElementChild, text));
  setText(byId('version'), 'Etascope' + (run.version ? ' ' + run.version : ''));
  if (!report) byId('json-link').href = runPath(run.run);
}

const digits = (x) => significant(x, 5);
const CURVE_COLUMNS = [
  { title: 'tokens', key: 'tokens', write: exact },
  { title: 'step', key: 'steps', write: exact },
  { title: 'loss', key: 'loss_nats', write: digits },
  { title: 'mean', key: 'mean_loss_nats', write: digits },
  { title: 'current', key: 'current_loss_nats', write: digits },
  { title: '\u03b7', key: 'eta', write: digits },
  { title: 'absorbed', key: 'eta_absorbed', write: digits },
  { title: 'dataset', key: 'eta_dataset', write: digits },
  { title: 'nats per doubling', key: 'nats_per_doubling', write: digits },
  { title: 'learning rate', key: 'learning_rate', write: digits },
  { title: 'phase', key: 'phase', write: String },
];

/** Closed bins never change, so only new rows are made; N, H and U may be learnt late and change their \u03b7. */
export function showTable(run) {
  if (!byId('table').open) return;
  keyed(byId('columns'), [0], String, () => make('tr'), (row) => keyed(row, CURVE_COLUMNS, ({ key }) => key, ({ title }) => Object.assign(make('th', title), { scope: 'col' }), () => {}));
  const points = run.series.tokens.map((_, i) => i).reverse();
  keyed(byId('rows'), points, (i) => run.series.tokens[i], () => {
    const row = make('tr');
    row.append(...CURVE_COLUMNS.map(() => make('td')));
    return row;
  }, (row, i) => CURVE_COLUMNS.forEach(({ key, write }, c) => setText(row.children[c], write((run.series[key] || [])[i] ?? NaN))));
}

export function showFigures(run) {
  document.body.classList.toggle('waiting', run.steps === 0);
  showHeader(run);
  showVerdict(run);
  if (run.steps === 0) return;
  showEta(run);
  showLoss(run);
  showSlope(run);
  showAhead(run);
  showTiles(run);
  showEnergy(run);
  showLayers(run);
  showProvenance(run);
  showTable(run);
}

export function showNoRun() {
  document.body.classList.add('waiting');
  setText(byId('run'), 'no run yet');
  delete byId('run').dataset.run;
  byId('dot').className = 'dot';
  setText(byId('phase'), 'waiting');
  for (const id of ['conditions', 'facts']) byId(id).replaceChildren();
  byId('sentence').replaceChildren(make('b', 'waiting for a run'));
  for (const id of ['outcome', 'latest', 'nonfinite']) byId(id).hidden = true;
  setText(byId('cause'), '');
  setText(byId('remark'), 'No run is registered with this endpoint yet.');
}

/** How old the figures are; said aloud when they are not those of now. */
export function showFreshness() {
  const run = runs.shown;
  let words = '';
  let late = false;
  const gone = runs.silentSince !== null;
  if (run && known(run.run_end_timestamp_seconds)) {
    words = (run.outcome || 'ended') + ' ' + clock(run.run_end_timestamp_seconds) + ', last values';
  } else if (report) {
    words = 'as of ' + clock(run.now_seconds);
  } else if (gone) {
    words = 'ended at ' + clock(runs.silentSince) + ' or out of reach, last values';
    late = true;
  } else if (run && known(run.last_step_timestamp_seconds)) {
    const age = Math.max(0, Date.now() / 1000 + runs.clockOffset - run.last_step_timestamp_seconds);
    const step = (run.last_step_timestamp_seconds - run.run_start_timestamp_seconds) / run.process.steps;
    late = age > Math.max(LATE_SECONDS, LATE_STEPS * (known(step) ? step : 0));
    words = late ? 'no step for ' + duration(age) : 'updated ' + duration(age) + ' ago';
  }
  setText(byId('freshness'), words);
  byId('freshness').classList.toggle('late', late);
  document.body.classList.toggle('stale', (gone && !(run && known(run.run_end_timestamp_seconds))) || late);
}
