/**
 * What a page does besides being read: rows sorted and filtered, a measurement opened by its link. Without it the page holds
 * the same. Plain text, because it is the reader's browser that runs it.
 */

export const script = `'use strict';
(() => {
  const words = new Intl.Collator('en', { numeric: true });
  const numberOf = (cell) => ('value' in cell.dataset ? (cell.dataset.value === '' ? NaN : Number(cell.dataset.value)) : undefined);
  const kind = (value) => (typeof value === 'string' ? (value === '' ? 2 : 1) : Number.isNaN(value) ? 2 : 0);
  const valueAt = (row, at) => numberOf(row.cells[at]) ?? row.cells[at].textContent.trim();
  const compare = (a, b, sign) => {
    const [ka, kb] = [kind(a), kind(b)];
    if (ka !== kb) return ka - kb;
    if (ka === 2) return 0;
    return sign * (ka === 0 ? a - b : words.compare(a, b));
  };
  const next = { none: 'ascending', ascending: 'descending', descending: 'none' };

  const sortable = (table, rows) => {
    const heads = [...table.tHead.rows[0].cells];
    const sort = (head, at) => {
      const state = next[head.getAttribute('aria-sort') ?? 'none'];
      for (const each of heads) each.setAttribute('aria-sort', each === head ? state : 'none');
      const keyed = rows.map((row) => [row, valueAt(row, at)]);
      if (state !== 'none') keyed.sort(([, a], [, b]) => compare(a, b, state === 'ascending' ? 1 : -1));
      table.tBodies[0].append(...keyed.map(([row]) => row));
    };
    heads.forEach((head, at) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...head.childNodes);
      button.addEventListener('click', () => sort(head, at));
      head.setAttribute('aria-sort', 'none');
      head.append(button);
    });
  };

  const filterable = (table, rows) => {
    const tools = document.createElement('div');
    tools.className = 'tools';
    const input = document.createElement('input');
    input.type = 'search';
    input.placeholder = 'filter rows';
    input.setAttribute('aria-label', 'Filter rows of ' + table.caption.textContent);
    const count = document.createElement('output');
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const filter = () => {
      const asked = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
      rows.forEach((row, i) => { row.hidden = !asked.every((word) => texts[i].includes(word)); });
      const shown = rows.filter((row) => !row.hidden).length;
      count.textContent = (shown === rows.length ? '' : shown + ' of ') + rows.length + ' rows';
    };
    input.addEventListener('input', filter);
    filter();
    tools.append(input, count);
    table.parentElement.before(tools);
  };

  for (const table of document.querySelectorAll('table.data')) {
    const rows = [...table.tBodies[0].rows];
    if (rows.length < 2) continue;
    sortable(table, rows);
    filterable(table, rows);
  }

  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const around = target?.closest('details');
    if (!around) return;
    around.open = true;
    around.scrollIntoView();
  };
  addEventListener('hashchange', open);
  open();
})();
`
