// The one script of every page: draws the charts whose options the server
// wrote as JSON, gives them formatters by name, and follows clicks.
import * as echarts from "echarts/core";
import { turnSlides } from "./screen.js";
import { BarChart, CustomChart, FunnelChart, HeatmapChart, LineChart, MapChart, PieChart, RadarChart, SankeyChart, ScatterChart, TreemapChart } from "echarts/charts";
import { AriaComponent, CalendarComponent, DataZoomComponent, GeoComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent,
  MarkPointComponent, RadarComponent, TitleComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([BarChart, CustomChart, FunnelChart, HeatmapChart, LineChart, MapChart, PieChart, RadarChart, SankeyChart, ScatterChart, TreemapChart,
  AriaComponent, CalendarComponent, DataZoomComponent, GeoComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent,
  MarkPointComponent, RadarComponent, TitleComponent, TooltipComponent, VisualMapComponent, LabelLayout, CanvasRenderer]);

const root = document.documentElement;
const locale = root.lang === "en" ? "en-GB" : "zh-CN";
const noData = root.dataset.nodata;

const dark = () => root.dataset.bsTheme === "dark";
const missing = (v) => v === null || v === undefined || v === "" || Number.isNaN(Number(v));
const number = (digits) => (v) => (missing(v) ? noData : Number(v).toLocaleString(locale, { maximumFractionDigits: digits }));
const percent = (digits) => (v) => (missing(v) ? noData
  : Number(v).toLocaleString(locale, { style: "percent", minimumFractionDigits: 0, maximumFractionDigits: digits }));

// How numbers are written, by the name that options give ("fmt:percent").
const formats = { percent: percent(1), number: number(2), integer: number(0),
  absolute: (v) => number(0)(Math.abs(v)), absolutePercent: (v) => percent(0)(Math.abs(v)) };

// The tooltip that the server wrote for an item.
const written = (params) => { const p = Array.isArray(params) ? params[0] : params; return (p && p.data && p.data.tip) || ""; };

// A tooltip's lines: the name, then each series with its value and note. Series
// marked as helpers only draw; intervals stand behind the value they belong to.
const tooltip = (format) => (params) => {
  const list = Array.isArray(params) ? params : [params];
  const data = (p) => (p.data && typeof p.data === "object" && !Array.isArray(p.data) ? p.data : {});
  if (data(list[0]).tip) return data(list[0]).tip; // written by the server
  const title = data(list[0]).label || list[0].axisValueLabel || list[0].name;
  const lines = list.map((p) => {
    if (p.seriesType === "custom") {
      return `${p.seriesName}  ${format(p.value[1])}–${format(p.value[2])}`;
    }
    const value = p.seriesType === "scatter" && Array.isArray(p.value) ? p.value[0] : Array.isArray(p.value) ? p.value[p.value.length - 1] : p.value;
    const note = data(p).note ? `  ${data(p).note}` : "";
    const label = p.seriesType === "map" ? "" : `${p.seriesName}  `;
    return `${label}${format(value)}${note}`;
  });
  return [title, ...lines].join("\n");
};

// Renderers of custom series, by the name that options give ("draw:interval").
const draws = {
  // One horizontal bar from low to high; value is [row, low, high].
  interval: (params, api) => {
    const [y, from, to] = [api.value(0), api.value(1), api.value(2)];
    const a = api.coord([from, y]);
    const b = api.coord([to, y]);
    return { type: "rect", shape: { x: a[0], y: a[1] - 2, width: Math.max(b[0] - a[0], 1), height: 4, r: 2 }, style: { fill: api.visual("color"), opacity: 0.35 } };
  },
  // A thin line from low to high over a bar; value is [row, low, high].
  range: (params, api) => {
    const a = api.coord([api.value(1), api.value(0)]);
    const b = api.coord([api.value(2), api.value(0)]);
    return { type: "line", shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, style: { stroke: api.visual("color"), lineWidth: 2 } };
  },
  // An upright tick across a bar; value is [row, at].
  tick: (params, api) => {
    const p = api.coord([api.value(1), api.value(0)]);
    const half = params.coordSys.height * 0.62;
    return { type: "line", shape: { x1: p[0], y1: p[1] - half, x2: p[0], y2: p[1] + half }, style: { stroke: api.visual("color"), lineWidth: 3 } };
  },
  // One vertical bar from low to high; value is [column, low, high].
  whisker: (params, api) => {
    const a = api.coord([api.value(0), api.value(1)]);
    const b = api.coord([api.value(0), api.value(2)]);
    return { type: "group", children: [
      { type: "line", shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, style: { stroke: api.visual("color"), lineWidth: 1.5 } },
      { type: "line", shape: { x1: a[0] - 4, y1: a[1], x2: a[0] + 4, y2: a[1] }, style: { stroke: api.visual("color"), lineWidth: 1.5 } },
      { type: "line", shape: { x1: b[0] - 4, y1: b[1], x2: b[0] + 4, y2: b[1] }, style: { stroke: api.visual("color"), lineWidth: 1.5 } }] };
  },
  // The band between the lows and the highs of all points, drawn once; value is [column, low, high].
  band: (params, api) => {
    if (params.dataIndex !== 0) return null;
    const source = params.context.rows || (params.context.rows = rowsOf(api, params.dataInsideLength));
    const parts = [];
    let part = [];
    for (const row of source) {
      if (part.length && row[0] !== part[part.length - 1][0] + 1) { parts.push(part); part = []; }
      part.push(row);
    }
    parts.push(part);
    return { type: "group", children: parts.filter((p) => p.length > 1).map((p) => ({
      type: "polygon",
      shape: { points: [...p.map((r) => api.coord([r[0], r[2]])), ...p.slice().reverse().map((r) => api.coord([r[0], r[1]]))] },
      style: { fill: api.visual("color"), opacity: 0.16 },
    })) };
  },
};

function rowsOf(api, length) {
  const rows = [];
  for (let i = 0; i < length; i++) rows.push([api.value(0, i), api.value(1, i), api.value(2, i)]);
  return rows;
}

// The colours of options, lightened for a dark ground; both sets stay apart for colour-blind readers.
const lighter = { "#0072b2": "#56b4e9", "#d55e00": "#ff9f55", "#009e73": "#3fc79a", "#8a94a3": "#a5afbd", "#ffffff": "#1f2a37",
  "#e8ecf1": "#2c3948", "#17212c": "#e6ebf1", "#1d2733": "#dce1e7", "#edf3f8": "#22303f", "#dfe3e8": "#3a4656", "#b9c0c9": "#7d8896" };

// Replaces names in options by the functions they stand for.
function named(option) {
  if (typeof option === "string") {
    if (dark() && lighter[option]) return lighter[option];
    const [kind, name] = option.split(":", 2);
    if (kind === "fmt" && name === "label") return (p) => (p.data && p.data.label) || "";
    if (kind === "fmt" && formats[name]) return formats[name];
    if (kind === "val" && formats[name]) return (p) => formats[name](Array.isArray(p.value) ? p.value[p.value.length - 1] : p.value);
    if (kind === "tip" && name === "text") return written;
    if (kind === "tip" && formats[name]) return tooltip(formats[name]);
    if (kind === "draw" && draws[name]) return draws[name];
    return option;
  }
  if (Array.isArray(option)) return option.map(named);
  if (option && typeof option === "object") {
    return Object.fromEntries(Object.entries(option).map(([key, value]) => [key, named(value)]));
  }
  return option;
}


function theme() {
  const ink = dark() ? "#dce1e7" : "#1d2733";
  const line = dark() ? "#3a4656" : "#dfe3e8";
  const axis = { axisLine: { lineStyle: { color: line } }, axisTick: { lineStyle: { color: line } }, axisLabel: { color: ink }, splitLine: { lineStyle: { color: line } }, nameTextStyle: { color: ink } };
  return {
    color: dark() ? ["#56b4e9", "#e69f00", "#3fc79a", "#e69fc6", "#f0e442", "#ff9f55", "#b0a4e3"]
      : ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#6a51a3"],
    textStyle: { color: ink, fontFamily: getComputedStyle(document.body).fontFamily },
    backgroundColor: "transparent",
    categoryAxis: axis,
    valueAxis: axis,
    legend: { textStyle: { color: ink } },
    visualMap: { textStyle: { color: ink } },
    title: { textStyle: { color: ink } },
  };
}

const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

// A legend above the plot wraps into as many lines as the box needs, and the plot
// moves down to make room; one that would need more than three lines scrolls instead.
const pen = document.createElement("canvas").getContext("2d");
function fitLegend(option, box) {
  const legend = Array.isArray(option.legend) ? option.legend[0] : option.legend;
  const grid = Array.isArray(option.grid) ? option.grid[0] : option.grid;
  if (!legend || legend.show === false || legend.bottom !== undefined || !grid || (Array.isArray(option.grid) && option.grid.length > 1)) return;
  const size = legend.textStyle?.fontSize ?? 12;
  pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  const names = (legend.data ?? option.series.map((s) => s.name)).map((n) => n?.name ?? n).filter((n, i, all) => n && all.indexOf(n) === i);
  const [mark, gap] = [legend.itemWidth ?? 18, legend.itemGap ?? 10];
  let lines = 1, x = 0;
  for (const name of names) {
    const width = mark + 5 + pen.measureText(name).width + gap;
    if (x > 0 && x + width > box.clientWidth - 12) { lines++; x = 0; }
    x += width;
  }
  legend.itemWidth = mark;
  legend.itemHeight ??= 10;
  legend.itemGap = gap;
  legend.type = lines > 3 ? "scroll" : "plain";
  if (lines > 1 && lines <= 3) grid.top = (parseInt(grid.top, 10) || 32) + (lines - 1) * (size + 8);
}

async function draw(box) {
  const source = document.getElementById(box.dataset.options);
  const option = named(JSON.parse(source.textContent));
  if (box.dataset.map && !echarts.getMap(box.id)) {
    const response = await fetch(box.dataset.map);
    if (!response.ok) throw new Error(`map: ${response.status}`);
    echarts.registerMap(box.id, await response.json());
  }
  if (box.dataset.map) {
    for (const series of option.series) if (series.type === "map") series.map = box.id;
    if (option.geo) option.geo.map = box.id;
  }
  const old = echarts.getInstanceByDom(box);
  if (old) old.dispose();
  const chart = echarts.init(box, theme(), { renderer: "canvas" });
  option.animation = !still && !("still" in box.dataset);
  option.aria = { enabled: true };
  fitLegend(option, box);
  if (option.tooltip) {
    option.tooltip = { ...option.tooltip, renderMode: "richText", confine: true, backgroundColor: dark() ? "#1f2a37" : "#fff", textStyle: { color: dark() ? "#dce1e7" : "#1d2733" } };
  }
  chart.setOption(option);
  if (box.dataset.link) {
    chart.on("click", (p) => {
      const code = (p.data && p.data.code) || "";
      if (code) location.href = box.dataset.link.replace("CODE", encodeURIComponent(code));
    });
  }
  box.dataset.drawn = "true";
}

function drawAll() {
  for (const box of document.querySelectorAll("[data-options]")) {
    draw(box).catch((error) => { box.dataset.failed = String(error); box.textContent = noData; });
  }
}

// A page's own script may ask for a chart to be drawn, or drawn again.
addEventListener("jc:draw", (event) => draw(event.target).catch((error) => { event.target.dataset.failed = String(error); }));

function setTheme(name) {
  root.dataset.bsTheme = name;
  drawAll();
}

const saved = localStorage.getItem("theme");
const fixed = document.querySelector("[data-fixed-theme]")?.dataset.fixedTheme; // paper is white, a wall is dark
root.dataset.bsTheme = fixed || saved || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
drawAll();

// Paper is white and as wide as A4: charts are drawn anew for it, and back again.
let screenTheme;
addEventListener("beforeprint", () => {
  screenTheme ??= root.dataset.bsTheme;
  root.classList.add("jc-paper");
  setTheme("light");
});
addEventListener("afterprint", () => {
  root.classList.remove("jc-paper");
  setTheme(screenTheme);
  screenTheme = undefined;
});

let resizing;
addEventListener("resize", () => {
  clearTimeout(resizing);
  resizing = setTimeout(() => document.querySelectorAll("[data-drawn]").forEach((box) => echarts.getInstanceByDom(box)?.resize()), 100);
});
if (fixed) document.getElementById("theme")?.remove();
document.getElementById("theme")?.addEventListener("click", () => {
  const next = dark() ? "light" : "dark";
  localStorage.setItem("theme", next);
  setTheme(next);
});
const menu = document.getElementById("menu");
document.getElementById("menu-button")?.addEventListener("click", (event) => {
  const open = menu.classList.toggle("show");
  event.currentTarget.setAttribute("aria-expanded", String(open));
});
// A search box hides the rows of a table that lack its words.
for (const input of document.querySelectorAll("[data-filter]")) {
  const table = document.getElementById(input.dataset.filter);
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const body of table.tBodies) {
      let shown = 0;
      for (const row of body.querySelectorAll("[data-row]")) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) shown++;
      }
      body.hidden = shown === 0;
    }
  });
}
turnSlides();
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
for (const select of document.querySelectorAll("select[data-go]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}
// A live form's answer takes the place of the part it names, without a new page;
// the address says what is shown. What stands as it was is left out of it.
for (const form of document.querySelectorAll("form[data-live]")) {
  let waiting, asked = 0;
  const query = () => {
    const q = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      const input = form.elements[name];
      if (input.dataset.default === undefined || Number(input.dataset.default) !== Number(value)) q.append(name, value);
    }
    return q.toString();
  };
  const ask = async () => {
    const mine = ++asked;
    const address = `${form.getAttribute("action")}?${query()}`;
    const response = await fetch(address);
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = answer.getElementById(form.dataset.live);
    if (mine !== asked) return;
    if (!next) { location.href = address; return; }
    const part = document.getElementById(form.dataset.live);
    part.querySelectorAll("[data-drawn]").forEach((box) => echarts.getInstanceByDom(box)?.dispose());
    part.replaceWith(next);
    history.replaceState(null, "", address);
    attend(next);
    await Promise.all([...next.querySelectorAll("[data-options]")].map((box) => draw(box, true).catch((error) => { box.dataset.failed = String(error); })));
    next.dataset.answered = address;
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
  form.addEventListener("input", (event) => {
    const output = form.querySelector(`output[for="${event.target.id}"]`);
    if (output) output.textContent = event.target.value;
    clearTimeout(waiting);
    if (event.target.dataset.reload !== undefined) { // other settings to choose from: that is another page
      location.href = `${form.getAttribute("action")}?${query()}`;
      return;
    }
    waiting = setTimeout(ask, 120);
  });
}
// What a part of a page can do besides being looked at: pictures to keep, tables to sort.
function attend(part) {
  for (const button of part.querySelectorAll("[data-png]")) {
    button.addEventListener("click", () => {
      const box = document.getElementById(button.dataset.png);
      const link = document.createElement("a");
      link.href = echarts.getInstanceByDom(box).getDataURL({ pixelRatio: 2, backgroundColor: dark() ? "#182433" : "#fff" });
      link.download = `${button.dataset.png}.png`;
      link.click();
    });
  }
  for (const header of part.querySelectorAll("table[data-sort] th[data-key]")) {
    const number = header.dataset.key === "number";
    const go = () => {
      const table = header.closest("table");
      const index = [...header.parentNode.children].indexOf(header);
      // Numbers begin with the largest, words with the first of the alphabet; what is missing stays last.
      const before = header.getAttribute("aria-sort");
      const down = before ? before === "ascending" : number;
      table.querySelectorAll("th").forEach((th) => th.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => { const c = row.cells[index]; return c ? c.dataset.value ?? c.textContent.trim() : ""; };
      for (const body of table.tBodies) { // each group is sorted within itself, its heading stays on top
        const rows = [...body.rows].filter((row) => !row.classList.contains("jc-group"));
        rows.sort((a, b) => {
          const [x, y] = [key(a), key(b)];
          if (number && (missing(x) || missing(y))) return missing(x) - missing(y);
          const order = number ? Number(x) - Number(y) : x.localeCompare(y, locale);
          return down ? -order : order;
        });
        body.append(...rows);
      }
    };
    header.tabIndex = 0;
    header.addEventListener("click", go);
    header.addEventListener("keydown", (e) => { if (e.key === "Enter") go(); });
  }
}
attend(document);
