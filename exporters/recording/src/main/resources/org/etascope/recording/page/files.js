/* What leaves the page: the curve, the report, a picture, a notification. */

import { colours, drawn } from './charts.js';
import { stateOf } from './figures.js';
import { report, runPath, runs } from './runs.js';
import { byId, clock, known, make, plain, setText, shorten } from './words.js';

const fileName = (run, end) => run.run.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 80) + end;

function save(blob, name) {
  const link = make('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The curve, one line a bin; what is not known is empty. */
export function curveAsCsv({ series }) {
  const keys = Object.keys(series);
  const lines = series.tokens.map((_, i) => keys.map((key) => series[key][i] ?? '').join(','));
  return [keys.join(','), ...lines, ''].join('\n');
}

/** The charts under each other on one canvas, with the run's name and its sentence. */
function picture(run) {
  const all = drawn();
  const scale = devicePixelRatio;
  const gap = 34 * scale;
  const width = Math.max(...all.map(({ plot }) => plot.ctx.canvas.width)) + 32 * scale;
  const height = 84 * scale + all.reduce((sum, { plot }) => sum + plot.ctx.canvas.height + gap, 0);
  const canvas = Object.assign(make('canvas'), { width, height });
  const context = canvas.getContext('2d');
  context.fillStyle = colours.card;
  context.fillRect(0, 0, width, height);
  const write = (text, y, size, colour, weight = '') => {
    context.fillStyle = colour;
    context.font = `${weight} ${size * scale}px ${getComputedStyle(document.body).fontFamily}`;
    context.fillText(text, 16 * scale, y, width - 32 * scale);
  };
  write(run.run, 28 * scale, 18, colours.ink, '600');
  write(run.sentence, 52 * scale, 14, colours.ink);
  write(`${stateOf(run).word}, ${clock(run.last_step_timestamp_seconds)}`, 72 * scale, 12, colours.quiet);
  let y = 84 * scale;
  for (const { plot, place } of all) {
    const title = place.closest('section, .small, .timeline')?.querySelector('h2, h3')?.textContent || '';
    write(title, y + 18 * scale, 12, colours.quiet);
    context.drawImage(plot.ctx.canvas, 16 * scale, y + 24 * scale);
    y += plot.ctx.canvas.height + gap;
  }
  return canvas;
}

// ---- notifications ----

let notifying = false;
let told = null;

async function toggleNotify() {
  if (!notifying && await Notification.requestPermission() !== 'granted') {
    setText(byId('notify'), 'notifications are blocked');
    return;
  }
  notifying = !notifying;
  byId('notify').setAttribute('aria-pressed', String(notifying));
}

/** Tells what has happened since the last look: another state, a new event. */
export function notifyOf(run) {
  const now = { run: run.run, word: stateOf(run).word, events: run.events.length };
  if (notifying && told && told.run === now.run && (told.word !== now.word || told.events < now.events)) {
    const event = told.events < now.events ? run.events.at(-1).sentence : null;
    const body = known(run.run_end_timestamp_seconds) ? `${now.word}: ${run.sentence}` : event || run.sentence;
    new Notification(`${shorten(run.run, 40)}: ${plain(now.word)}`, { body, tag: 'etascope ' + run.run });
  }
  told = now;
}

export function prepareFiles() {
  const shown = (action) => () => runs.shown && action(runs.shown);
  byId('save-csv').addEventListener('click', shown((run) => save(new Blob([curveAsCsv(run)], { type: 'text/csv' }), fileName(run, '-curve.csv'))));
  byId('save-png').addEventListener('click', shown((run) => picture(run).toBlob((blob) => save(blob, fileName(run, '.png')), 'image/png')));
  if (report) {
    byId('save-report').remove();
    byId('notify').remove();
    return;
  }
  byId('save-report').addEventListener('click', shown((run) => {
    const link = make('a');
    link.href = runPath(run.run) + '&as=report';
    link.download = fileName(run, '.html');
    link.click();
  }));
  if ('Notification' in window) byId('notify').addEventListener('click', toggleNotify);
  else byId('notify').remove();
}
