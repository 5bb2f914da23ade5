/* The runs side by side: all of them in a table, to search, to sort, and to lay over the one shown. */

import { chosen, choose } from './address.js';
import { compared, difference } from './curves.js';
import { stateOf } from './figures.js';
import { look, runs } from './runs.js';
import { amount, byId, clock, duration, figure, fixed, keyed, known, make, nameOf, setText, significant, UNKNOWN } from './words.js';

const MOST_COMPARED = 6;

const COLUMNS = [
  { key: 'run', title: 'run', value: (row) => row.run, text: true },
  { key: 'state', title: 'state', value: (row) => stateOf(row).word, text: true },
  { key: 'loss', title: 'loss, nats', value: (row) => row.current_loss_nats, write: (x) => fixed(x, 3) },
  { key: 'difference', title: 'against baseline', value: (row) => differenceOf(row)?.nats },
  { key: 'eta', title: '\u03b7', value: (row) => (row.steps ? row.eta : NaN), write: significant },
  { key: 'slope', title: 'nats per doubling', value: (row) => row.nats_per_doubling, write: significant },
  { key: 'tokens', title: 'tokens', value: (row) => row.tokens, write: amount },
  { key: 'parameters', title: 'parameters', value: (row) => row.parameters, write: amount },
  { key: 'start', title: 'began', value: (row) => row.run_start_timestamp_seconds, write: clock },
];

const curveOf = (name) => (runs.shown && runs.shown.run === name ? runs.shown : runs.others.get(name));

function differenceOf(row) {
  const [run, base] = [curveOf(row.run), curveOf(chosen.base)];
  return run && base && run !== base && run.series && base.series ? difference(run, base, chosen.at) : null;
}

function shownRows() {
  const words = chosen.find.toLowerCase().split(/\s+/).filter(Boolean);
  const found = runs.list.filter((row) => words.every((word) => `${row.run} ${stateOf(row).word}`.toLowerCase().includes(word)));
  const down = chosen.sort.startsWith('-');
  const column = COLUMNS.find(({ key }) => key === chosen.sort.replace(/^-/, '')) || COLUMNS.at(-1);
  const names = new Intl.Collator('en', { numeric: true });
  const compare = (a, b) => {
    const [x, y] = [column.value(a), column.value(b)];
    if (column.text) return names.compare(x, y);
    // What is not known comes last, whichever way.
    return known(x) && known(y) ? x - y : (known(y) ? 1 : 0) - (known(x) ? 1 : 0) || 0;
  };
  const unknownLast = (a, b) => !column.text && known(column.value(a)) !== known(column.value(b));
  return [...found].sort((a, b) => (unknownLast(a, b) ? (known(column.value(a)) ? -1 : 1) : (down ? -1 : 1) * compare(a, b)));
}

function head() {
  keyed(byId('runs-head'), [{ key: 'with', title: 'lay over' }, { key: 'base', title: 'baseline' }, ...COLUMNS], ({ key }) => key, (column) => {
    const cell = make('th', undefined, column.key);
    cell.scope = 'col';
    if (!column.value) {
      cell.textContent = column.title;
      return cell;
    }
    const button = make('button', column.title);
    button.type = 'button';
    button.addEventListener('click', () => {
      const down = chosen.sort === column.key || (chosen.sort !== '-' + column.key && !column.text && column.key !== 'loss' && column.key !== 'difference');
      choose({ sort: (down ? '-' : '') + column.key });
      showRuns();
    });
    cell.append(button);
    return cell;
  }, (cell, column) => {
    if (!column.value) return;
    const sorted = chosen.sort.replace(/^-/, '') === column.key;
    if (sorted) cell.setAttribute('aria-sort', chosen.sort.startsWith('-') ? 'descending' : 'ascending');
    else cell.removeAttribute('aria-sort');
  });
}

function newRow({ run }) {
  const row = make('tr');
  const over = make('input');
  over.type = 'checkbox';
  over.setAttribute('aria-label', 'lay ' + run + ' over the run shown');
  over.addEventListener('change', () => {
    choose({ with: over.checked ? [...chosen.with, run].slice(-MOST_COMPARED) : chosen.with.filter((name) => name !== run) });
    look();
    showRuns();
  });
  const base = make('input');
  base.type = 'checkbox';
  base.setAttribute('aria-label', run + ' as the baseline');
  base.addEventListener('change', () => {
    choose({ base: base.checked ? run : null });
    look();
    showRuns();
  });
  const name = make('button', undefined, 'to-run');
  name.type = 'button';
  name.append(make('span', '', 'swatch'), nameOf(run, 34));
  name.addEventListener('click', () => {
    choose({ run, from: null, to: null, with: chosen.with.filter((other) => other !== run) });
    look();
  });
  const cells = [over, base, name].map((content) => {
    const cell = make(content === name ? 'th' : 'td');
    if (content === name) cell.scope = 'row';
    cell.append(content);
    return cell;
  });
  row.append(...cells, ...COLUMNS.slice(1).map(({ key }) => make('td', undefined, key)));
  const dot = make('span', '', 'dot');
  dot.setAttribute('aria-hidden', 'true');
  row.children[3].append(dot, make('span'));
  return row;
}

function fillRow(row, run) {
  const shown = run.run === chosen.run;
  row.classList.toggle('shown', shown);
  const [over, base] = row.querySelectorAll('input');
  over.checked = chosen.with.includes(run.run);
  over.disabled = shown || (!over.checked && chosen.with.length >= MOST_COMPARED);
  base.checked = chosen.base === run.run;
  const button = row.querySelector('.to-run');
  button.setAttribute('aria-current', String(shown));
  const colour = compared().find((other) => other.run.run === run.run)?.colour;
  button.firstElementChild.style.background = colour || '';
  button.firstElementChild.hidden = !colour;
  const { word, look: appearance } = stateOf(run);
  row.children[3].firstElementChild.className = 'dot ' + appearance;
  setText(row.children[3].lastElementChild, word);
  COLUMNS.slice(2).forEach((column, i) => {
    const cell = row.children[i + 4];
    if (column.key === 'difference') {
      const found = differenceOf(run);
      const at = found && { tokens: (x) => amount(x) + ' tokens', time: duration, energy: (x) => amount(x) + ' J' }[chosen.at](found.at);
      figure(cell, found ? `${found.nats > 0 ? '+' : ''}${fixed(found.nats, 3)} at ${at}` : chosen.base === run.run ? 'baseline' : UNKNOWN, found?.nats);
    } else {
      const value = column.value(run);
      figure(cell, known(value) ? column.write(value) : UNKNOWN, value);
    }
  });
}

export function showRuns() {
  const section = byId('runs');
  section.hidden = runs.list.length < 2;
  if (section.hidden) return;
  const live = runs.list.filter((run) => !known(run.run_end_timestamp_seconds)).length;
  setText(byId('runs-count'), `${runs.list.length} runs, ${live} of them live`);
  head();
  const found = shownRows();
  keyed(byId('runs-rows'), found, (run) => run.run, newRow, fillRow);
  setText(byId('runs-found'), found.length === runs.list.length ? '' : `${found.length} found`);
  section.classList.toggle('has-base', chosen.base !== null);
  const measured = [...runs.others.values(), runs.shown].some((run) => run && run.series && (run.series.energy_joules || []).some(known));
  byId('at').querySelector('[value=energy]').disabled = !measured;
  setText(byId('compare-hint'), chosen.base === null
    ? 'Tick up to six runs to lay them over the one shown; pin a baseline for differences.'
    : chosen.with.length || chosen.base !== chosen.run ? '' : 'Tick the runs to compare with this baseline.');
}

export function prepareRuns() {
  const find = byId('find');
  find.value = chosen.find;
  find.addEventListener('input', () => {
    choose({ find: find.value });
    showRuns();
  });
  byId('at').value = chosen.at;
  byId('at').addEventListener('change', () => {
    choose({ at: byId('at').value });
    showRuns();
  });
}
