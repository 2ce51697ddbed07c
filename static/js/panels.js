// Metric panels. [data-panels="ID"] holds what the server wrote of each panel; its [data-chart="N"] is filled from the
// N-th chart of the JSON in <script id="ID">, [{name, unit, series: [{label, points: [[t, v], …]}], week_before: […]}].
// [data-axis="ID"] names {from, to, marks: [{t, kind, label}]}: all panels share this axis, its marks and one cursor.

const HEIGHT = 132;
const NEAR = 8; // pixels between the cursor and a mark that it tells of
const COLOURS = ["--info", "--accent-ink", "--dev", "--ops", "--ok", "--bad"];
const DASHES = [[], [6, 3], [2, 2], [10, 3, 2, 3]]; // once through the colours, the next
const MARKS = {
  change: { shape: "◆", token: "--info", dash: [4, 3] },
  alert: { shape: "▲", token: "--bad", dash: [] },
  status: { shape: "●", token: "--ok", dash: [1, 3] },
  incident: { shape: "■", token: "--accent-ink", dash: [8, 4] },
};
const OTHER = { shape: "|", token: "--ink-quiet", dash: [] };
const drawn = new Map(); // element -> {panel, axis, data, plot}

// A canvas cannot read light-dark(): ask the browser what a token means here and now.
const probe = document.createElement("i");
probe.hidden = true;
document.body.append(probe);
function colour(token, share = 100) {
  probe.style.color = share === 100 ? `var(${token})` : `color-mix(in oklch, var(${token}) ${share}%, transparent)`;
  return getComputedStyle(probe).color;
}

const number = (v) => { const n = typeof v === "string" ? Number.parseFloat(v) : v; return Number.isFinite(n) ? n : null; };
const locale = new Intl.NumberFormat("en", { maximumSignificantDigits: 4, notation: "compact" });
const written = (v, unit) => (v == null ? "–" : `${locale.format(v)}${unit ? ` ${unit}` : ""}`);
const zone = document.documentElement.dataset.zone || undefined;
const clock = (options) => new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone, ...options });
const hhmm = clock({}), dayhhmm = clock({ day: "numeric", month: "short" }), days = clock({ day: "numeric", month: "short", hour: undefined, minute: undefined });
const DAY = 86400;
const time = (t) => hhmm.format(t * 1000);
const moment = (t, axis) => (axis.to - axis.from > DAY ? dayhhmm : hhmm).format(t * 1000);

const hue = (i) => COLOURS[i % COLOURS.length];
const dash = (i) => DASHES[Math.floor(i / COLOURS.length) % DASHES.length];

// Series with their own instants, joined on one axis: [[t…], [v…], …]. Gaps stay gaps.
function joined(panel) {
  const lines = [...panel.series, ...panel.week_before].map((s) => s.points);
  if (!lines.some((points) => points.length)) return [[]];
  return window.uPlot.join(
    lines.map((points) => [points.map((p) => Number(p[0])), points.map((p) => number(p[1]))]),
    lines.map(() => [0, 2]), // 2: a null in the data is a gap
  );
}

function drawMarks(axis) {
  return ({ ctx, bbox, valToPos }) => {
    ctx.save();
    ctx.lineWidth = devicePixelRatio;
    ctx.font = `${10 * devicePixelRatio}px system-ui`;
    ctx.textAlign = "center";
    let last = -Infinity, level = 0; // shapes that would cover one another stand below one another
    for (const { t, kind } of axis.marks) {
      const { shape, token, dash } = MARKS[kind] ?? OTHER, x = valToPos(t, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      level = x - last < 11 * devicePixelRatio ? (level + 1) % 3 : 0;
      last = x;
      ctx.strokeStyle = ctx.fillStyle = colour(token);
      ctx.setLineDash(dash.map((n) => n * devicePixelRatio));
      ctx.beginPath();
      ctx.moveTo(x, bbox.top + (10 + 10 * level) * devicePixelRatio);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.fillText(shape, x, bbox.top + (7 + 10 * level) * devicePixelRatio);
    }
    ctx.restore();
  };
}

// What stands under the cursor, or beside it: values at that time, and the marks that are near.
function tell(panel, axis, readout) {
  return (u) => {
    const { left, idx } = u.cursor;
    if (left < 0 || idx == null) { readout.textContent = ""; return; }
    const near = axis.marks.filter((mark) => Math.abs(u.valToPos(mark.t, "x") - left) <= NEAR);
    const values = panel.series.slice(0, 3).map((s, i) => written(u.data[i + 1][idx], panel.unit));
    const marks = near.slice(0, 3).map((mark) => `${(MARKS[mark.kind] ?? OTHER).shape} ${moment(mark.t, axis)} ${mark.label}`);
    readout.textContent = marks.length ? marks.join(", ") : `${moment(u.data[0][idx], axis)}  ${values.join(", ")}`;
  };
}

function ticks(_, splits, __, ___, seconds) {
  return splits.map((t) => (seconds >= DAY ? days.format(t * 1000) : time(t)));
}

function options(panel, axis, width, readout) {
  const scale = { stroke: colour("--ink-quiet"), font: "11px system-ui", grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  const line = (label, i, extra) => ({ label, stroke: colour(hue(i)), dash: dash(i), width: 1.5, points: { show: false }, ...extra });
  const place = Object.fromEntries(panel.series.map((s, i) => [s.label, i]));
  return {
    width, height: HEIGHT, padding: [4, 8, 0, 0],
    cursor: { sync: { key: "panels" }, y: false, drag: { x: false, y: false }, points: { show: false } },
    legend: { show: false },
    scales: { x: { time: true, range: () => [axis.from, axis.to] } },
    axes: [
      { ...scale, size: 24, space: 64, values: ticks },
      { ...scale, size: 48, space: 32, values: (_, values) => values.map((v) => locale.format(v)) },
    ],
    series: [
      {},
      ...panel.series.map((s, i) => line(s.label, i, i || panel.series.length > 1 ? {} : { fill: colour(hue(0), 10) })),
      ...panel.week_before.map((s) => line(`${s.label}, a week earlier`, place[s.label] ?? 0, { stroke: colour(hue(place[s.label] ?? 0), 45), width: 1, dash: [3, 3] })),
    ],
    hooks: { draw: [drawMarks(axis)], setCursor: [tell(panel, axis, readout)] },
  };
}

const node = (tag, className, text) => {
  const el = document.createElement(tag);
  if (className) el.className = className;
  if (text != null) el.textContent = text;
  return el;
};

function legend(panel) {
  const list = node("ul", "legend");
  list.setAttribute("role", "list");
  const add = (label, token, stroke) => {
    const item = node("li", "", label), dot = node("span", "", `${stroke} `);
    dot.setAttribute("aria-hidden", "true");
    dot.style.color = `var(${token})`;
    item.prepend(dot);
    list.append(item);
  };
  panel.series.forEach((s, i) => add(s.label, hue(i), dash(i).length ? "╍" : "━"));
  if (panel.week_before.some((s) => s.points.length)) add("a week earlier", "--ink-quiet", "┄");
  return list;
}

function show(plot, panel, axis) {
  const data = joined(panel);
  if (!data[0]?.length) {
    plot.replaceWith(node("p", "quiet small", "No data in this window."));
    return;
  }
  const readout = node("span", "panel__readout");
  readout.setAttribute("aria-hidden", "true"); // the table and the list of marks say the same
  plot.previousElementSibling.append(readout);
  plot.after(legend(panel));
  drawn.set(plot, { panel, axis, data, readout });
  draw(plot);
}

function draw(plot) {
  const it = drawn.get(plot);
  it.chart?.destroy();
  it.chart = new window.uPlot(options(it.panel, it.axis, Math.max(plot.clientWidth, 120), it.readout), it.data, plot);
}

const sizes = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const known = drawn.get(target);
    if (known?.chart && contentRect.width && Math.abs(known.chart.width - contentRect.width) > 1) known.chart.setSize({ width: contentRect.width, height: HEIGHT });
  }
});

const read = (id) => JSON.parse(document.getElementById(id).textContent);

function fill() {
  for (const host of document.querySelectorAll("[data-panels]:not([data-filled])")) {
    host.dataset.filled = "";
    const panels = read(host.dataset.panels), axis = read(host.dataset.axis);
    for (const plot of host.querySelectorAll("[data-chart]")) {
      show(plot, panels[plot.dataset.chart], axis);
      sizes.observe(plot);
    }
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

for (const table of document.querySelectorAll("details[data-table]")) table.open = false; // there is a picture now
fill();
document.addEventListener("htmx:afterSettle", () => {
  for (const plot of [...drawn.keys()]) if (!plot.isConnected) forget(plot);
  fill();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
