/* The runs as the server tells of them: fetched, kept and followed. In a report those are there that are part of it. */

import { chosen, choose } from './address.js';
import { byId, known } from './words.js';

/** Below the five seconds that an endpoint stays after a signal, so that the end is seen. */
const POLL_MILLIS = 4800;
const LONGEST_PAUSE_MILLIS = 60_000;
const TIMEOUT_MILLIS = 30_000;
/** What the list of runs may cost: a thousand of them are looked at less often than ten. */
const LIST_BYTES_PER_MINUTE = 6_000;

const recording = byId('recording');
export const report = recording !== null;

export const runs = {
  list: [],
  /** How often the list was fetched. */
  listed: 0,
  /** The run that the page shows, as last told; null before the first answer. */
  shown: null,
  /** Others by name, for comparison. */
  others: new Map(),
  /** The server's clock less this one's, seconds. */
  clockOffset: 0,
  /** When the server was last heard while it is silent now, seconds; else null. */
  silentSince: null,
};

// In the query, not in the path: browsers take a path that ends in "." or ".." for a folder, encoded or not.
export const runPath = (run) => 'api/runs?run=' + encodeURIComponent(run);

async function get(path, cache = 'no-store') {
  const response = await fetch(path, { cache, signal: AbortSignal.timeout(TIMEOUT_MILLIS), headers: { Accept: 'application/json' } });
  if (response.status === 204) return null;
  if (!response.ok) throw Object.assign(new Error(path + ': ' + response.status), { status: response.status });
  return response.json();
}

/** The run as it is now: what is new since the last answer, put to what is here already. */
async function follow(name, before) {
  const since = before && before.changes !== undefined ? before.changes : '';
  const answer = await get(runPath(name) + '&since=' + encodeURIComponent(since));
  if (answer === null) return before;
  const run = { ...answer.run, changes: answer.version };
  run.series = joined(before && before.series, answer.series);
  // What has not changed is not sent again.
  for (const part of ['events', 'marks', 'validation_series', 'layers_series']) {
    run[part] = answer[part] || before[part];
  }
  return run;
}

/** Columns, those told put behind what there is from their first index on. */
function joined(before, { from, ...columns }) {
  return Object.fromEntries(Object.entries(columns).map(([key, news]) => [key, from ? [...before[key].slice(0, from), ...news] : news]));
}

/** The newest run that goes on, else the newest. */
function mostInteresting() {
  const byStart = [...runs.list].sort((a, b) => b.run_start_timestamp_seconds - a.run_start_timestamp_seconds);
  return (byStart.find((run) => !known(run.run_end_timestamp_seconds)) || byStart[0]).run;
}

let listDue = 0;

async function followList() {
  if (Date.now() < listDue) return;
  // Where all runs have ended the server says only that nothing has changed; keeping a list that changes would be in vain.
  runs.list = await get('api/runs', runs.list.every((run) => known(run.run_end_timestamp_seconds)) ? 'no-cache' : 'no-store');
  runs.listed++;
  const asked = performance.getEntriesByType('resource').filter((entry) => entry.name.endsWith('api/runs')).at(-1);
  performance.clearResourceTimings();
  const bytes = asked ? asked.encodedBodySize : 0;
  const pause = Math.max((runs.list.length > 1 ? 4 : 6) * POLL_MILLIS, 60_000 * bytes / LIST_BYTES_PER_MINUTE);
  listDue = Date.now() + pause - POLL_MILLIS / 2;
}

const comparedNames = () => [...new Set([...chosen.with, ...(chosen.base === null ? [] : [chosen.base])])]
  .filter((name) => name !== chosen.run && runs.list.some((run) => run.run === name)).slice(0, 7);

async function ask() {
  await followList();
  if (!runs.list.length) {
    listDue = 0;
    return null;
  }
  if (!runs.list.some((run) => run.run === chosen.run)) choose({ run: mostInteresting() });
  const name = chosen.run;
  const names = comparedNames();
  const ended = (run) => run && known(run.run_end_timestamp_seconds);
  const shown = await follow(name, runs.shown && runs.shown.run === name ? runs.shown : runs.others.get(name));
  // A run that has ended stays as it is; the others are looked at with every third look.
  const stale = names.filter((other) => !runs.others.has(other) || (!ended(runs.others.get(other)) && looks % 3 === 0));
  await Promise.all(stale.map(async (other) => runs.others.set(other, await follow(other, runs.others.get(other)))));
  for (const other of runs.others.keys()) if (!names.includes(other)) runs.others.delete(other);
  looks++;
  return shown;
}

let looks = 0;
let timer = 0;
let asking = false;
let again = false;
let failures = 0;
let lastAnswerSeconds = Date.now() / 1000;
let changed = () => {};

function lookAtReport() {
  const find = (name) => runs.list.find((run) => run.run === name);
  runs.shown = find(chosen.run) || runs.list[0];
  choose({ run: runs.shown.run });
  runs.others = new Map(comparedNames().map((name) => [name, find(name)]));
}

/** Looks at once; while a look is under way, once more behind it. */
export async function look() {
  clearTimeout(timer);
  if (report) {
    lookAtReport();
    changed();
    return;
  }
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const answer = await ask();
    // Another run may have been chosen meanwhile: then this answer is no longer wanted.
    if (answer === null || answer.run === chosen.run) runs.shown = answer;
    if (answer) runs.clockOffset = answer.now_seconds - Date.now() / 1000;
    runs.silentSince = null;
    lastAnswerSeconds = Date.now() / 1000;
    failures = 0;
  } catch (e) {
    if (e.status === 401) {
      // Another process serves now, in which nobody has signed in: it shows its form.
      location.reload();
      return;
    }
    if (e.status === 404) {
      // The run is no longer there: the list says what is.
      listDue = 0;
      runs.list = [];
      runs.shown = null;
      again = failures === 0;
    } else {
      // The server has ended, or restarts: keep what there is, say how old it is, and look again.
      runs.silentSince ??= lastAnswerSeconds;
      listDue = 0;
    }
    failures++;
  }
  asking = false;
  changed();
  if (again) {
    again = false;
    look();
  } else if (!document.hidden) {
    timer = setTimeout(look, Math.min(LONGEST_PAUSE_MILLIS, POLL_MILLIS * 2 ** Math.max(0, failures - 2)));
  }
}

/** Begins to follow; the callback is told whenever there is an answer, or none. */
export function followRuns(callback) {
  changed = callback;
  if (report) {
    runs.list = JSON.parse(recording.textContent);
    const [base, ...others] = runs.list.map((run) => run.run);
    if (others.length && chosen.run === null) choose({ run: base, base, with: others.slice(0, 6) });
  } else {
    document.addEventListener('visibilitychange', () => document.hidden || look());
    addEventListener('online', look);
  }
  look();
}
