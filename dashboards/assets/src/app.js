// The one script of every page: draws the charts whose options the server
// wrote as JSON, gives them formatters by name, and follows clicks.
import * as echarts from "echarts/core";
import { BarChart, LineChart, MapChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GeoComponent, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, MapChart, ScatterChart, AriaComponent, GeoComponent, GridComponent, LegendComponent,
  MarkLineComponent, TitleComponent, TooltipComponent, VisualMapComponent, CanvasRenderer]);

const root = document.documentElement;
const locale = root.lang === "en" ? "en-GB" : "zh-CN";
const noData = root.dataset.nodata;

const number = (digits) => (v) => (v === null || v === undefined || v === "" || Number.isNaN(Number(v)) ? noData
  : Number(v).toLocaleString(locale, { minimumFractionDigits: 0, maximumFractionDigits: digits }));
const percent = (digits) => (v) => (v === null || v === undefined || v === "" || Number.isNaN(Number(v)) ? noData
  : Number(v).toLocaleString(locale, { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits }));

const units = { percent: percent(1), percent0: percent(0), number: number(2), integer: number(0) };

// A tooltip's lines: the name, then each visible series with its value. Series
// whose name starts with "_" only help to draw and are left out.
const tooltip = (unit) => (params) => {
  const list = Array.isArray(params) ? params : [params];
  const lines = list.filter((p) => !String(p.seriesName).startsWith("_")).map((p) => {
    const value = Array.isArray(p.value) ? p.value[p.value.length - 1] : p.value;
    const note = p.data && p.data.note ? ` ${p.data.note}` : "";
    return `${p.seriesType === "map" ? "" : p.seriesName + "  "}${units[unit](value)}${note}`;
  });
  return [list[0].name, ...lines].join("\n");
};

function named(option) {
  if (typeof option === "string" && option.startsWith("fmt:")) return units[option.slice(4)];
  if (typeof option === "string" && option.startsWith("tip:")) return tooltip(option.slice(4));
  if (Array.isArray(option)) return option.map(named);
  if (option && typeof option === "object") {
    return Object.fromEntries(Object.entries(option).map(([key, value]) => [key, named(value)]));
  }
  return option;
}

const dark = () => root.dataset.bsTheme === "dark";

function theme() {
  const ink = dark() ? "#dce1e7" : "#1d2733";
  const line = dark() ? "#3a4656" : "#dfe3e8";
  const axis = { axisLine: { lineStyle: { color: line } }, axisTick: { lineStyle: { color: line } }, axisLabel: { color: ink }, splitLine: { lineStyle: { color: line } }, nameTextStyle: { color: ink } };
  return {
    color: ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"],
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

async function draw(box) {
  const source = document.getElementById(box.dataset.options);
  const option = named(JSON.parse(source.textContent));
  if (box.dataset.map) {
    const response = await fetch(box.dataset.map);
    if (!response.ok) throw new Error(`map: ${response.status}`);
    echarts.registerMap(box.dataset.mapName, await response.json());
  }
  const old = echarts.getInstanceByDom(box);
  if (old) old.dispose();
  const chart = echarts.init(box, theme(), { renderer: "canvas" });
  option.animation = !still && !box.dataset.still;
  option.aria = { enabled: true };
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

function setTheme(name) {
  root.dataset.bsTheme = name;
  drawAll();
}

const saved = localStorage.getItem("theme");
root.dataset.bsTheme = saved || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
drawAll();

let resizing;
addEventListener("resize", () => {
  clearTimeout(resizing);
  resizing = setTimeout(() => document.querySelectorAll("[data-drawn]").forEach((box) => echarts.getInstanceByDom(box)?.resize()), 100);
});
document.getElementById("theme")?.addEventListener("click", () => {
  const next = dark() ? "light" : "dark";
  localStorage.setItem("theme", next);
  setTheme(next);
});
for (const select of document.querySelectorAll("select[data-go]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}
for (const button of document.querySelectorAll("[data-png]")) {
  button.addEventListener("click", () => {
    const box = document.getElementById(button.dataset.png);
    const link = document.createElement("a");
    link.href = echarts.getInstanceByDom(box).getDataURL({ pixelRatio: 2, backgroundColor: dark() ? "#182433" : "#fff" });
    link.download = `${button.dataset.png}.png`;
    link.click();
  });
}
for (const header of document.querySelectorAll("table[data-sort] th[data-key]")) {
  const go = () => {
    const table = header.closest("table");
    const index = [...header.parentNode.children].indexOf(header);
    const down = header.getAttribute("aria-sort") !== "descending";
    table.querySelectorAll("th").forEach((th) => th.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = [...table.tBodies[0].rows];
    const key = (row) => { const c = row.cells[index]; return c.dataset.value ?? c.textContent.trim(); };
    rows.sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      const order = header.dataset.key === "number" ? (x === "" ? -Infinity : Number(x)) - (y === "" ? -Infinity : Number(y)) : x.localeCompare(y, locale);
      return down ? -order : order;
    });
    table.tBodies[0].append(...rows);
  };
  header.tabIndex = 0;
  header.addEventListener("click", go);
  header.addEventListener("keydown", (e) => { if (e.key === "Enter") go(); });
}
