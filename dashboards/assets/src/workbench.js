// The workbench: an SQL editor with completion, a grid that draws only the rows
// that can be seen, a quick chart, and what it takes to make a result again.
import { autocompletion } from "@codemirror/autocomplete";
import { PostgreSQL, SQLDialect, sql } from "@codemirror/lang-sql";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";

const page = document.getElementById("workbench");
const text = page.dataset; // the page's words, in its language
const lang = document.documentElement.lang === "en" ? "en" : "zh";
const numbers = new Intl.NumberFormat(lang === "en" ? "en-GB" : "zh-CN");
const byId = (id) => document.getElementById(id);
const element = (name, attributes = {}, ...children) => {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  e.append(...children);
  return e;
};
const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, key) => values[key]);

// ── Editor ──────────────────────────────────────────────────────────────────

// DuckDB reads what PostgreSQL does, and some more.
const duckdb = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords: `${PostgreSQL.spec.keywords} qualify pivot unpivot summarize describe asof positional exclude macro sample`,
});

// Colours come from the page's own variables, so that light and dark need no second theme.
const look = EditorView.theme({
  "&": { color: "var(--tblr-body-color)", backgroundColor: "transparent", height: "100%", fontSize: "14px" },
  ".cm-scroller": { fontFamily: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Noto Sans Mono CJK SC', monospace", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--tblr-body-color)", paddingBottom: "2rem" },
  ".cm-cursor": { borderLeftColor: "var(--tblr-body-color)" },
  ".cm-gutters": { color: "var(--tblr-secondary)", backgroundColor: "var(--tblr-bg-surface-secondary)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "rgba(128, 150, 180, .12)" },
  "&.cm-focused": { outline: "2px solid var(--tblr-primary)", outlineOffset: "-2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "rgba(86, 150, 220, .3)" },
  ".cm-tooltip": { color: "var(--tblr-body-color)", backgroundColor: "var(--tblr-bg-surface)", border: "1px solid var(--tblr-border-color)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "#fff", backgroundColor: "#0b5f98" },
  ".cm-completionDetail": { color: "inherit", opacity: ".75", fontStyle: "normal" },
  ".cm-panels": { color: "var(--tblr-body-color)", backgroundColor: "var(--tblr-bg-surface-secondary)" },
});
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--wb-keyword)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--wb-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--wb-number)" },
  { tag: tags.comment, color: "var(--wb-comment)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.standard(tags.name)], color: "var(--wb-type)" },
]);

const language = new Compartment();
let indicators = [];

// Indicator codes are offered inside quotes.
function indicatorCompletion(context) {
  const word = context.matchBefore(/'[A-Za-z0-9]*/);
  if (!word) return null;
  return { from: word.from + 1, options: indicators, validFor: /^[A-Za-z0-9]*$/ };
}

const languageFor = (schema) => {
  const support = sql({ dialect: duckdb, schema, upperCaseKeywords: false });
  return [support, duckdb.language.data.of({ autocomplete: indicatorCompletion })];
};

// The editor lives in a shadow tree: there its styles are constructed sheets,
// which the page's security policy need not be opened for.
const host = byId("editor");
const shadow = host.attachShadow({ mode: "open" });
const field = byId("sql");
const address = new URL(location.href);
const editor = new EditorView({
  parent: shadow,
  root: shadow,
  state: EditorState.create({
    doc: address.searchParams.get("sql") || field.value,
    extensions: [
      Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => { run(); return true; } }])),
      basicSetup,
      autocompletion({ icons: false }),
      language.of(languageFor({})),
      look,
      syntaxHighlighting(colours),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": text.editor }),
      EditorView.updateListener.of((u) => { if (u.docChanged) field.value = u.state.doc.toString(); }),
    ],
  }),
});
field.value = editor.state.doc.toString();
field.hidden = true;
host.hidden = false;

function write(statement) {
  editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: statement } });
  editor.focus();
}

function insert(word) {
  editor.dispatch(editor.state.replaceSelection(word));
  editor.focus();
}

// ── Tables and columns ──────────────────────────────────────────────────────

const quoted = (name) => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

async function loadSchema() {
  const [schemaAnswer, indicatorAnswer] = await Promise.all([fetch("/api/v1/schema"), fetch("/api/v1/indicators")]);
  if (!schemaAnswer.ok || !indicatorAnswer.ok) throw new Error(text.schemaFailed);
  const { tables } = await schemaAnswer.json();
  indicators = (await indicatorAnswer.json()).rows.map((r) => ({ label: r.code, detail: lang === "en" ? r.name_en : r.name_zh, type: "constant" }));
  const completions = {};
  const list = byId("tables");
  list.replaceChildren();
  for (const table of tables) {
    completions[table.name] = {
      self: { label: table.name, type: "type" },
      children: table.columns.map((c) => ({ label: c.name, detail: c[lang] || c.type, type: "property" })),
    };
    list.append(tableEntry(table));
  }
  editor.dispatch({ effects: language.reconfigure(languageFor(completions)) });
  page.dataset.schema = String(tables.length);
}

function tableEntry(table) {
  const columns = element("ul", { class: "wb-columns" });
  for (const c of table.columns) {
    const name = element("button", { type: "button", class: "wb-name", title: c[lang] || c.name }, c.name);
    name.addEventListener("click", () => insert(quoted(c.name)));
    columns.append(element("li", {}, name, " ", element("span", { class: "jc-quiet jc-small" }, c.type.toLowerCase()),
      c[lang] ? element("div", { class: "wb-comment" }, c[lang]) : ""));
  }
  const entry = element("details", { class: "wb-table", "data-find": [table.name, ...table.columns.flatMap((c) => [c.name, c[lang]])].join(" ").toLowerCase() },
    element("summary", {}, table.name), columns);
  return entry;
}

byId("find").addEventListener("input", (e) => {
  const wanted = e.target.value.trim().toLowerCase();
  for (const entry of document.querySelectorAll(".wb-table")) entry.hidden = wanted !== "" && !entry.dataset.find.includes(wanted);
});

// ── Result ──────────────────────────────────────────────────────────────────

const rowHeight = 30;
const headHeight = 31;
const most = 10000;
const grid = byId("grid");
let result = null;
let running = null;

// columnWidths measures the first rows, in characters.
function columnWidths(columns, rows) {
  const width = (s) => [...String(s)].reduce((n, c) => n + (c > "\u2e7f" ? 2 : 1), 0);
  return columns.map((c, i) => {
    let widest = width(c.name) + 1;
    for (let r = 0; r < Math.min(rows.length, 200); r++) if (rows[r][i] !== null) widest = Math.max(widest, width(shown(rows[r][i], c)));
    return Math.min(Math.max(widest, 4), 48);
  });
}

const isNumber = (kind) => /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|UINTEGER|FLOAT|DOUBLE|DECIMAL.*)$/.test(kind);

// shown rounds what was computed with sixteen digits to eight; the exact number is in the cell's title and in downloads.
const shown = (cell, column) => (typeof cell === "number" && /^(FLOAT|DOUBLE)$/.test(column?.type) ? String(Number(cell.toPrecision(8))) : String(cell));

function showGrid() {
  const { columns, rows } = result;
  const started = performance.now();
  const widths = columnWidths(columns, rows);
  const line = (cells, name, at) => {
    const e = element("div", { class: name, role: "row", "aria-rowindex": String(at + 1) });
    cells.forEach((cell, i) => {
      const box = element("div", { role: name === "wb-head" ? "columnheader" : "cell", class: isNumber(columns[i].type) ? "wb-number" : "" });
      box.style.width = `${(widths[i] + 2) * 0.5}rem`;
      if (cell === null) box.append(element("span", { class: "jc-quiet" }, "∅"));
      else {
        box.textContent = shown(cell, columns[i]);
        if (box.textContent !== String(cell) || box.textContent.length > 48) box.title = cell;
      }
      e.append(box);
    });
    return e;
  };
  const head = line(columns.map((c) => c.name), "wb-head", 0);
  columns.forEach((c, i) => { head.children[i].title = c.type; });
  const body = element("div", { class: "wb-body", role: "rowgroup" });
  body.style.height = `${rows.length * rowHeight}px`;
  body.style.width = `${widths.reduce((a, b) => a + (b + 2) * 0.5, 0)}rem`;
  head.style.width = body.style.width;
  grid.replaceChildren(head, body);
  grid.setAttribute("aria-rowcount", String(rows.length + 1));
  const tall = Math.max(1, Math.min(rows.length, 14)) * rowHeight + headHeight;
  grid.style.height = `${tall}px`;
  grid.style.height = `${tall + grid.offsetHeight - grid.clientHeight}px`; // room for a scroll bar, where there is one
  let first = -1;
  const draw = () => {
    const top = Math.max(0, Math.floor(grid.scrollTop / rowHeight) - 10);
    if (top === first) return;
    first = top;
    const visible = [];
    for (let r = top; r < Math.min(rows.length, top + Math.ceil(grid.clientHeight / rowHeight) + 20); r++) {
      const e = line(rows[r], "wb-row", r + 1);
      e.style.top = `${r * rowHeight}px`;
      visible.push(e);
    }
    body.replaceChildren(...visible);
  };
  grid.onscroll = draw;
  draw();
  performance.measure("grid", { start: started });
}

function showPlan() {
  grid.replaceChildren(element("pre", { class: "wb-plan" }, result.rows.map((r) => r[r.length - 1]).join("\n")));
  grid.style.height = "auto";
}

async function run(explain = false) {
  running?.abort();
  running = new AbortController();
  const mine = running;
  const statement = field.value;
  page.dataset.state = "running";
  byId("stop").hidden = false;
  say(text.running, false);
  try {
    const started = performance.now();
    const answer = await fetch("/api/v1/query", {
      method: "POST", signal: mine.signal, headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ sql: (explain ? "explain " : "") + statement, limit: most, snapshot: address.searchParams.get("snapshot") || "" }),
    });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.error);
    result = body;
    const milliseconds = Math.round(performance.now() - started);
    say(fill(body.more ? text.rowsMore : body.row_count === 1 ? text.rowsOne : text.rows, { rows: numbers.format(body.row_count), ms: numbers.format(milliseconds) }), false);
    (explain || /^\s*explain\b/i.test(statement) ? showPlan : showGrid)();
    if (!explain) { remember(statement); cite(); offerChart(); }
    page.dataset.state = "done";
  } catch (error) {
    if (mine !== running) return;
    page.dataset.state = "failed";
    say(error.name === "AbortError" ? text.stopped : error.message, error.name !== "AbortError");
  } finally {
    if (mine === running) byId("stop").hidden = true;
  }
}

function say(message, bad) {
  const status = byId("status");
  status.textContent = message;
  status.classList.toggle("text-danger", bad);
}

// remember puts the statement into the page's address, which can be bookmarked and sent.
function remember(statement) {
  address.searchParams.set("sql", statement);
  history.replaceState(null, "", address);
  carry();
}

// A query of an earlier snapshot stays with it, its downloads too, until one asks the latest.
const pinned = address.searchParams.get("snapshot") || "";
byId("pinned").value = pinned;
if (pinned) {
  byId("pinned-note").hidden = false;
  byId("pinned-note").prepend(fill(text.pinned, { snapshot: pinned }), " ");
  byId("pinned-note").querySelector("a").addEventListener("click", (e) => {
    e.preventDefault();
    address.searchParams.delete("snapshot");
    address.searchParams.set("sql", field.value);
    location.assign(address);
  });
}

// ── Queries kept in this browser ────────────────────────────────────────────

const kept = () => { try { return JSON.parse(localStorage.getItem("jiceng-queries")) || []; } catch { return []; } };

function keep(list) {
  localStorage.setItem("jiceng-queries", JSON.stringify(list));
  showKept();
}

// titleOf is a statement's first comment, or its beginning.
function titleOf(statement) {
  const comment = /^\s*--\s*(.+)$/m.exec(statement)?.[1];
  return (comment || statement.trim().replace(/\s+/g, " ")).slice(0, 80);
}

function showKept() {
  const list = kept();
  byId("kept-box").hidden = list.length === 0;
  byId("kept").replaceChildren(...list.map((statement, i) => {
    const href = new URL("/workbench", location);
    href.searchParams.set("lang", lang);
    href.searchParams.set("sql", statement);
    const away = element("button", { type: "button", class: "wb-away", title: text.forget, "aria-label": `${text.forget} ${titleOf(statement)}` }, "×");
    away.addEventListener("click", () => keep(kept().filter((_, at) => at !== i)));
    return element("li", {}, element("a", { href: href.href, title: statement }, titleOf(statement)), away);
  }));
}

byId("keep").addEventListener("click", () => {
  const statement = field.value.trim();
  if (statement) keep([statement, ...kept().filter((other) => other !== statement)].slice(0, 50));
});
showKept();

// carry lets the link to the other language keep the question.
function carry() {
  for (const link of document.querySelectorAll("#main a[hreflang]")) {
    const other = new URL(link.href);
    for (const key of ["sql", "snapshot"]) if (address.searchParams.has(key)) other.searchParams.set(key, address.searchParams.get(key));
    link.href = other.href;
  }
}

function cite() {
  const stable = new URL(address);
  stable.searchParams.set("snapshot", result.snapshot);
  byId("citation").hidden = false;
  byId("cite-snapshot").textContent = result.snapshot;
  byId("cite-hash").textContent = result.query_hash;
  byId("cite-date").textContent = result.date;
  byId("cite-url").href = stable.href;
  byId("cite-url").textContent = decodeURI(stable.href).replace(/\s/g, encodeURIComponent); // readable, and still an address when it is copied
}

// ── Quick chart ─────────────────────────────────────────────────────────────

function offerChart() {
  const box = byId("chart-box");
  const columns = result.columns.map((c, i) => ({ ...c, i }));
  const measures = columns.filter((c) => isNumber(c.type));
  box.hidden = measures.length === 0 || result.rows.length < 2;
  if (box.hidden) return;
  const options = (id, list, chosen) => {
    const select = byId(id);
    select.replaceChildren(...list.map((c) => element("option", { value: String(c.i) }, c.name)));
    select.value = String(chosen.i);
  };
  const label = columns.find((c) => !isNumber(c.type)) || columns[0];
  options("chart-x", columns, label);
  options("chart-y", measures, measures.find((c) => c.i !== label.i) || measures[0]);
  const split = columns.filter((c) => !isNumber(c.type) && c.i !== label.i);
  byId("chart-kind").value = /DATE|TIME/.test(label.type) || split.length ? "line" : "bar";
  drawChart();
}

// drawChart hands options to the page's own script, which knows how to draw them.
function drawChart() {
  const [x, y] = [Number(byId("chart-x").value), Number(byId("chart-y").value)];
  const kind = byId("chart-kind").value;
  const columns = result.columns;
  const by = columns.findIndex((c, i) => !isNumber(c.type) && i !== x && i !== y);
  const rows = result.rows.slice(0, 2000);
  const labels = [...new Set(rows.map((r) => String(r[x] ?? "∅")))];
  const groups = by < 0 ? [null] : [...new Set(rows.map((r) => String(r[by] ?? "∅")))].slice(0, 12);
  const series = groups.map((g) => {
    const values = new Map(rows.filter((r) => g === null || String(r[by] ?? "∅") === g).map((r) => [String(r[x] ?? "∅"), r[y]]));
    return { name: g ?? columns[y].name, type: kind, symbolSize: kind === "scatter" ? 8 : 4, showSymbol: kind === "scatter" || labels.length * groups.length < 100, data: labels.map((l) => values.get(l) ?? null) };
  });
  byId("chart-options").textContent = JSON.stringify({
    grid: { left: 8, right: 16, top: groups.length > 1 ? 56 : 16, bottom: labels.length > 20 ? 48 : 8, containLabel: true },
    legend: groups.length > 1 ? { type: "scroll", top: 0 } : { show: false },
    tooltip: { trigger: "axis" },
    dataZoom: labels.length > 20 ? [{ type: "slider", height: 20, bottom: 8 }] : [],
    xAxis: { type: "category", data: labels },
    yAxis: { type: "value", name: columns[y].name, scale: kind !== "bar" },
    series,
  });
  const chart = byId("chart");
  chart.dataset.options = "chart-options";
  delete chart.dataset.drawn;
  chart.dispatchEvent(new CustomEvent("jc:draw", { bubbles: true }));
}

for (const id of ["chart-x", "chart-y", "chart-kind"]) byId(id).addEventListener("change", drawChart);

// ── Buttons ─────────────────────────────────────────────────────────────────

byId("run").addEventListener("click", () => run());
byId("explain").addEventListener("click", () => run(true));
byId("stop").addEventListener("click", () => running?.abort());
byId("link").addEventListener("click", async () => {
  remember(field.value);
  await navigator.clipboard?.writeText(address.href).catch(() => {});
  say(text.linkCopied, false);
});
for (const sample of document.querySelectorAll("[data-sample]")) {
  sample.addEventListener("click", () => { write(byId(sample.dataset.sample).textContent); run(); });
}
carry();
loadSchema().catch((error) => { byId("tables").textContent = error.message; page.dataset.schema = "0"; });
if (address.searchParams.get("sql")) run();
