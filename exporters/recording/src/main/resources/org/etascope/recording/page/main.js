/* The live page and the report: what happens when. It shows what the server says and computes nothing of the theory. */

import { chosen, choose, readAgain, X_AXES } from './address.js';
import { onZoom, zoom, zoomBy } from './charts.js';
import { prepareRuns, showRuns } from './compare.js';
import { drawCurves, prepareColours } from './curves.js';
import { prepareTimeline, showTimeline, showWindow } from './events.js';
import { showFigures, showFreshness, showNoRun, showTable } from './figures.js';
import { notifyOf, prepareFiles } from './files.js';
import { followRuns, look, report, runs } from './runs.js';
import { byId, known, make, setText } from './words.js';

/** Each change of a text costs the browser a layout. */
const FRESHNESS_MILLIS = 5000;

let drawnFor = '';
let listedFor = '';

/** What the charts depend on: they are drawn anew only if it changed. */
function drawingOf(run) {
  const others = [...runs.others.values()].map((other) => [other.run, other.series && other.series.tokens.length]);
  return JSON.stringify([run.run, run.series.tokens.length, run.series.tokens.at(-1), run.segment, run.validation_series.tokens.length, run.layers_series.tokens.length, run.baseline_nats, run.model_size_bits,
    run.events, run.marks, Object.values(run.forecast).map((answer) => known(answer.loss_nats) && answer.loss_nats.toFixed(3)), others, chosen]);
}

/** The table of runs is long: it is gone through only if something in it may have changed. */
function renderRuns() {
  const others = [...runs.others.values(), runs.shown].map((run) => run && run.series && [run.run, run.series.tokens.length]);
  const listing = JSON.stringify([runs.listed, runs.list.length, others, chosen]);
  if (listing !== listedFor) showRuns();
  listedFor = listing;
}

function render() {
  renderRuns();
  const run = runs.shown;
  if (!run) {
    showNoRun();
  } else {
    showFigures(run);
    const drawing = drawingOf(run);
    if (run.steps > 0 && drawing !== drawnFor) {
      drawnFor = drawing;
      drawCurves(run);
      showTimeline(run);
    }
    notifyOf(run);
  }
  showFreshness();
}

function redraw() {
  drawnFor = '';
  render();
}

function openMeaning() {
  byId('meaning').open = true;
  byId('meaning').scrollIntoView();
  byId('meaning').querySelector('summary').focus();
}

function prepareAxis() {
  const select = byId('x-axis');
  for (const [value, words] of Object.entries(X_AXES)) select.append(Object.assign(make('option', words), { value }));
  select.value = chosen.x;
  select.addEventListener('change', () => {
    choose({ x: select.value, from: null, to: null });
    redraw();
  });
  byId('eta-scale').addEventListener('click', () => {
    choose({ eta: chosen.eta === 'log' ? 'linear' : 'log' });
    redraw();
  });
  byId('zoom-in').addEventListener('click', () => zoomBy(0.5));
  byId('zoom-out').addEventListener('click', () => zoomBy(2));
  byId('whole').addEventListener('click', () => zoom(null, null));
  onZoom(showWindow);
}

function begin() {
  prepareColours();
  prepareAxis();
  prepareTimeline();
  prepareRuns();
  prepareFiles();
  byId('table').addEventListener('toggle', () => runs.shown && showTable(runs.shown));
  byId('to-meaning').addEventListener('click', openMeaning);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    prepareColours();
    redraw();
  });
  addEventListener('hashchange', () => {
    readAgain();
    byId('x-axis').value = chosen.x;
    byId('find').value = chosen.find;
    drawnFor = '';
    look();
  });
  if (report) {
    byId('metrics-link').remove();
    byId('json-link').remove();
  } else {
    setInterval(() => runs.shown && !known(runs.shown.run_end_timestamp_seconds) && showFreshness(), FRESHNESS_MILLIS);
  }
  followRuns(render);
}

begin();
