// Metric panels: [data-panels="ID"] is filled from the JSON in <script id="ID" type="application/json">, as
// [{name, unit, series: [{label, points: [[t, v], …]}], before: points | null, marks: [{t, kind, label}]}].
// All panels of a page share one time axis and one cursor; marks stand on it as vertical lines. Each panel names its
// marks, unless data-marks-apart says that the page does.

const HEIGHT = 132;
const COLOURS = ["--info", "--accent-ink", "--dev", "--ops", "--ok", "--bad"];
const MARKS = { change: "--info", alert: "--bad", status: "--ok" };
const PRESENT = { change: "◆", alert: "▲", status: "●" };
const drawn = new Map(); // element -> {panel, plot}

// A canvas cannot read light-dark(): ask the browser what a token means here and now.
const probe = document.createElement("i");
probe.hidden = true;
document.body.append(probe);
function colour(token) {
  probe.style.color = `var(${token})`;
  return getComputedStyle(probe).color;
}
const translucent = (token, share) => {
  probe.style.color = `color-mix(in oklch, var(${token}) ${share}%, transparent)`;
  return getComputedStyle(probe).color;
};

const number = (v) => { const n = typeof v === "string" ? Number.parseFloat(v) : v; return Number.isFinite(n) ? n : null; };
const locale = new Intl.NumberFormat("en", { maximumSignificantDigits: 4, notation: "compact" });
const written = (v, unit) => (v == null ? "–" : `${locale.format(v)}${unit ? ` ${unit}` : ""}`);
const zone = document.documentElement.dataset.zone || undefined;
const hhmm = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
const time = (t) => hhmm.format(t * 1000);

// Series with their own instants, joined on one axis: [[t…], [v…], …]. Gaps stay gaps.
function joined(panel) {
  const lines = panel.series.map((s) => s.points);
  if (panel.before) lines.push(panel.before);
  if (!lines.some((points) => points.length)) return [[]];
  return window.uPlot.join(
    lines.map((points) => [points.map((p) => Number(p[0])), points.map((p) => number(p[1]))]),
    lines.map(() => [0, 2]), // 2: a null in the data is a gap
  );
}

function marks(panel) {
  return (u) => {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.lineWidth = devicePixelRatio;
    ctx.font = `${10 * devicePixelRatio}px system-ui`;
    ctx.textAlign = "center";
    for (const mark of panel.marks ?? []) {
      const x = u.valToPos(mark.t, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.strokeStyle = ctx.fillStyle = colour(MARKS[mark.kind] ?? "--ink-quiet");
      ctx.setLineDash(mark.kind === "alert" ? [] : [4 * devicePixelRatio, 3 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top + 10 * devicePixelRatio);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.fillText(PRESENT[mark.kind] ?? "|", x, bbox.top + 7 * devicePixelRatio);
    }
    ctx.restore();
  };
}

function options(panel, width, range) {
  const axis = { stroke: colour("--ink-quiet"), font: "11px system-ui", grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  const line = (label, token, extra) => ({ label, stroke: colour(token), width: 1.5, points: { show: false }, value: (_, v) => written(v, panel.unit), ...extra });
  const series = panel.series.map((s, i) => line(s.label, COLOURS[i % COLOURS.length], i ? {} : { fill: translucent(COLOURS[0], 10) }));
  if (panel.before) series.push(line("before", "--ink-quiet", { dash: [3, 3], width: 1 }));
  return {
    width, height: HEIGHT, padding: [4, 8, 0, 0],
    cursor: { sync: { key: "panels" }, y: false, drag: { x: false, y: false } },
    legend: { show: false },
    scales: { x: { time: true, range: () => range } },
    axes: [
      { ...axis, size: 24, space: 64, values: (_, ticks) => ticks.map(time) },
      { ...axis, size: 48, space: 32, values: (_, ticks) => ticks.map((v) => locale.format(v)) },
    ],
    series: [{}, ...series],
    hooks: { draw: [marks(panel)] },
  };
}

const node = (tag, className, text) => {
  const el = document.createElement(tag);
  if (className) el.className = className;
  if (text != null) el.textContent = text;
  return el;
};

function table(panel, data) {
  const rows = data[0].length, every = Math.max(1, Math.ceil(rows / 60));
  const details = node("details"), wrap = node("div", "scroll-x"), grid = node("table", "table"), head = node("tr"), body = node("tbody");
  details.append(node("summary", "", "As a table"));
  wrap.tabIndex = 0;
  wrap.setAttribute("role", "region");
  wrap.setAttribute("aria-label", `${panel.name} as a table`);
  head.append(...["Time", ...panel.series.map((s) => s.label), ...(panel.before ? ["before"] : [])].map((t) => { const th = node("th", "", t); th.scope = "col"; return th; }));
  for (let i = 0; i < rows; i += every) {
    const row = node("tr"), at = node("th", "", time(data[0][i]));
    at.scope = "row";
    row.append(at, ...data.slice(1).map((column) => node("td", "end", written(column[i], panel.unit))));
    body.append(row);
  }
  const top = node("thead");
  top.append(head);
  grid.append(node("caption", "sr-only", `${panel.name}${every > 1 ? `, every ${every}th point` : ""}`), top, body);
  wrap.append(grid);
  details.append(wrap);
  return details;
}

function legend(panel, apart) {
  const list = node("ul", "legend");
  list.setAttribute("role", "list");
  const names = [...panel.series.map((s, i) => [s.label, COLOURS[i % COLOURS.length]]), ...(panel.before ? [["before", "--ink-quiet"]] : [])];
  for (const [label, token] of names) {
    const item = node("li", "", label), dot = node("span", "", "━ ");
    dot.setAttribute("aria-hidden", "true");
    dot.style.color = `var(${token})`;
    item.prepend(dot);
    list.append(item);
  }
  if (!apart) for (const mark of panel.marks ?? []) list.append(node("li", "", `${PRESENT[mark.kind] ?? "|"} ${time(mark.t)} ${mark.label}`));
  return list;
}

function show(host, panel, range) {
  const figure = node("section", "panel"), head = node("div", "panel__head"), plot = node("div", "panel__plot");
  figure.setAttribute("aria-label", panel.name);
  head.append(node("strong", "", panel.name), node("span", "quiet", panel.unit ?? ""));
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", `${panel.name}: a chart over time; the same numbers are in the table below`);
  figure.append(head, plot);
  host.append(figure);
  const data = joined(panel);
  if (!data[0]?.length) {
    plot.replaceWith(node("p", "quiet small", "No data in this window."));
    return;
  }
  figure.append(legend(panel, "marksApart" in host.dataset), table(panel, data));
  drawn.set(plot, { panel, data, range });
  draw(plot);
}

function draw(plot) {
  const { panel, data, range, chart } = drawn.get(plot);
  chart?.destroy();
  drawn.get(plot).chart = new window.uPlot(options(panel, Math.max(plot.clientWidth, 120), range), data, plot);
}

// One axis for all: from the first point to the last of any panel.
function extent(panels) {
  let from = Infinity, to = -Infinity;
  for (const { series, before } of panels)
    for (const points of [...series.map((s) => s.points), before ?? []])
      for (const [t] of points) { from = Math.min(from, t); to = Math.max(to, t); }
  return from < to ? [from, to] : [from - 60, from + 60];
}

const sizes = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const known = drawn.get(target);
    if (known?.chart && contentRect.width && Math.abs(known.chart.width - contentRect.width) > 1) known.chart.setSize({ width: contentRect.width, height: HEIGHT });
  }
});

function fill(scope) {
  for (const host of scope.querySelectorAll("[data-panels]:empty")) {
    const panels = JSON.parse(document.getElementById(host.dataset.panels).textContent);
    const range = extent(panels);
    for (const panel of panels) show(host, panel, range);
    host.querySelectorAll(".panel__plot").forEach((plot) => sizes.observe(plot));
  }
}

function redraw() {
  for (const plot of [...drawn.keys()]) plot.isConnected ? draw(plot) : forget(plot);
}
function forget(plot) {
  sizes.unobserve(plot);
  drawn.get(plot).chart?.destroy();
  drawn.delete(plot);
}

fill(document);
document.addEventListener("htmx:afterSettle", () => {
  for (const plot of [...drawn.keys()]) if (!plot.isConnected) forget(plot);
  fill(document);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
