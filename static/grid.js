// Makes a table of inputs behave as a sheet: <table data-grid {{ grid_attrs() }}> with [data-grid-status] (aria-live) near it.
// Arrows and Enter move between cells, left and right only when the caret stands at the edge. A block copied from a spreadsheet fills
// right and down from the cell in focus, as typed: the server reads Swedish decimals. A block that does not fit is left out whole,
// because half a block in the wrong place is worse than none. A block whose first column is the rows' names finds its rows by them, in
// every table of the same data-indicator where the second column is the year group (data-group): twenty subjects in nine years at once.
// Every change is an input event, so that autosave hears it.
(() => {
  "use strict";

  const CELL = 'input:not([type="hidden"], [type="checkbox"], [type="radio"])';
  const rowsOf = (table) =>
    [...table.tBodies].flatMap((body) => [...body.rows]).map((row) => [...row.cells].map((cell) => cell.querySelector(CELL))).filter((row) => row.some(Boolean));

  function place(rows, input) {
    const row = rows.findIndex((cells) => cells.includes(input));
    return { row, column: row < 0 ? -1 : rows[row].indexOf(input) };
  }

  function next(rows, at, down, right) {
    let { row, column } = at;
    for (;;) {
      row += down;
      column += right;
      if (!rows[row] || column < 0 || column >= rows[row].length) return null;
      const input = rows[row][column];
      if (input && !input.disabled) return input;
    }
  }

  function atEdge(input, towards) {
    const { selectionStart: start, selectionEnd: end, value } = input;
    if (start === null || (start === 0 && end === value.length)) return true; // nothing to step through, or all of it selected
    return start === end && start === (towards < 0 ? 0 : value.length);
  }

  function move(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.shiftKey && event.key !== "Enter") return;
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [event.shiftKey ? -1 : 1, 0] };
    const step = steps[event.key];
    if (!step || !event.target.matches(CELL)) return;
    if (step[1] && !atEdge(event.target, step[1])) return;
    event.preventDefault(); // Enter in a sheet goes down; it does not send the form
    const rows = rowsOf(event.currentTarget);
    const target = next(rows, place(rows, event.target), ...step);
    target?.focus();
    target?.select();
  }

  function say(table, name, numbers) {
    const box = (table.closest("form") ?? document).querySelector("[data-grid-status]");
    const sentence = table.dataset[name] ?? "";
    if (box) box.textContent = sentence.replace(/\{(\w+)\}/g, (whole, key) => numbers[key] ?? whole);
  }

  const LETTERS = /\p{L}/u;
  const plain = (text) => text.trim().toLowerCase();
  const groupOf = (text) => plain(text ?? "").replace(/^(åk|årskurs|year)\s*/, "");

  function named(table) {
    const alike = [...document.querySelectorAll("table[data-grid]")].filter((other) => other.dataset.indicator === table.dataset.indicator);
    const found = new Map();
    for (const other of alike)
      for (const row of other.tBodies[0].querySelectorAll("tr[data-row]")) {
        const inputs = [...row.querySelectorAll(CELL)];
        found.set(`${plain(row.dataset.row)}|${plain(other.dataset.group)}`, inputs);
        if (other === table) found.set(plain(row.dataset.row), inputs);
      }
    return found;
  }

  function put(input, value) {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function pasteNamed(table, block) {
    const rows = named(table);
    const head = !rows.has(plain(block[0][0])) && !rows.has(`${plain(block[0][0])}|${groupOf(block[0][1])}`) && LETTERS.test(block[0].at(-1));
    const missing = [];
    const filled = [];
    for (const [name, ...rest] of head ? block.slice(1) : block) {
      const byGroup = rows.get(`${plain(name)}|${groupOf(rest[0])}`);
      const inputs = byGroup ?? rows.get(plain(name));
      const values = byGroup ? rest.slice(1) : rest;
      if (!inputs || values.length > inputs.length) missing.push(byGroup ? `${name} ${rest[0]}` : name);
      else filled.push(...values.map((value, right) => [inputs[right], value]));
    }
    filled.forEach(([input, value]) => put(input, value));
    const size = { rows: block.length - head - missing.length, columns: Math.max(...block.map((values) => values.length)) };
    say(table, missing.length ? "textMissing" : "textPasted", { ...size, names: missing.join(", ") });
  }

  function paste(event) {
    const table = event.currentTarget;
    if (!event.target.matches(CELL)) return;
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!/[\t\n]/.test(text)) return; // one value: the browser knows how
    event.preventDefault();
    const block = text.split("\n").map((line) => line.split("\t").map((value) => value.trim()));
    if (block.length > 1 && block.every((values) => LETTERS.test(values[0]))) {
      pasteNamed(table, block);
      return;
    }
    const rows = rowsOf(table);
    const at = place(rows, event.target);
    const targets = block.map((values, down) => values.map((_, right) => rows[at.row + down]?.[at.column + right]));
    const size = { rows: block.length, columns: Math.max(...block.map((values) => values.length)) };
    if (targets.flat().some((input) => !input || input.disabled || input.readOnly)) {
      say(table, "textTooLarge", size);
      return;
    }
    block.forEach((values, down) =>
      values.forEach((value, right) => {
        put(targets[down][right], value);
      }),
    );
    targets.at(-1).at(-1).focus();
    say(table, "textPasted", size);
  }

  // What was worked out of a row's cells is not so any longer: better nothing than a figure that stands beside other numbers.
  function outdate(event) {
    const table = event.currentTarget;
    if (!event.target.matches(CELL)) return;
    for (const cell of [...event.target.closest("tr").querySelectorAll("td.share"), ...(table.tFoot?.querySelectorAll("td") ?? [])]) {
      cell.textContent = cell.textContent.trim() && "…";
      cell.title = table.dataset.textStale ?? "";
    }
  }

  for (const table of document.querySelectorAll("table[data-grid]")) {
    table.addEventListener("keydown", move);
    table.addEventListener("paste", paste);
    table.addEventListener("input", outdate);
  }
})();
