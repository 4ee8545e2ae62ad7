"use strict";
// A comparison: at most six chosen runs in the panels, each in its colour, and the front of one application.

const { runs, groups, mostAtOnce } = readJson("data");
const $ = id => document.getElementById(id);
const boxes = [...document.querySelectorAll("input[data-run]")];
const secondsOf = number => `${short(number)} s`;
const duration = Math.max(...runs.map(run => run.seconds));
/** The numbers of the chosen runs by their slot: its colour stays with a run until it is no longer chosen. */
const slots = Array(Math.min(mostAtOnce, runs.length)).fill(null);

for (const run of runs) {
  run.times = run.columns.rate.map((_, i) => i * run.width);
  run.plans = plansOf(run);
}
const at = (run, column, second) => run.columns[column][Math.min(run.times.length - 1, Math.floor(second / run.width))];
const planAt = (run, second) => planIn(run.plans, second);
const chosenNode = () => $("node").value;
const instances = (run, plan) => (chosenNode() === "-1" ? plan.reduce((sum, one) => sum + one, 0) : plan[run.nodes.indexOf(chosenNode())]);
const chosen = () => slots.filter(place => place != null).map(place => runs[place]);
const several = () => new Set(chosen().map(run => run.group)).size > 1;
/** What arrives is the same for all runs of a group. */
const rateName = run => (several() ? `rate of ${groups[run.group].title}` : "rate");
const nameOf = run => run.name + (several() ? ` · ${groups[run.group].title}` : "");

// The panels.

const slotOf = trace => Number(trace.meta.split(":")[1]);
const series = {
  rate: run => ({ x: run.times, y: run.columns.rate }),
  capacity: run => ({ x: run.times, y: run.columns.capacity }),
  // The axis is logarithmic.
  lag: run => ({ x: run.times, y: run.columns.lagSeconds.map(lag => Math.max(0.1, lag)) }),
  instances: run => ({
    x: [...run.plans.map(plan => plan[0]), run.seconds],
    y: [...run.plans, run.plans.at(-1)].map(plan => instances(run, plan[1])),
  }),
};
const figure = readJson("figure");
const setPoints = () => {
  for (const trace of figure.data) {
    const [kind, what] = trace.kind ?? (trace.kind = trace.meta.split(":"));
    if (kind === "level") {
      Object.assign(trace, { x: [0, duration], y: [Number(what), Number(what)] });
    } else if (series[kind]) {
      const run = runs[slots[what]];
      const isDrawn = run && (kind !== "rate" || slots.findIndex(place => runs[place]?.group === run.group) === Number(what));
      trace.meta = isDrawn ? `${kind}:${what}` : "none";
      Object.assign(trace, isDrawn ? { name: kind === "rate" ? rateName(run) : nameOf(run), ...series[kind](run) } : { x: [], y: [] });
    } else {
      trace.meta = "none";
    }
  }
};
const valueAt = (trace, second) => {
  const [kind] = trace.kind;
  if (kind === "level") return secondsOf(Number(trace.kind[1]));
  const run = runs[slots[slotOf(trace)]];
  if (second >= run.seconds) return "–";
  return { rate: () => `${short(at(run, "rate", second))}/s`, capacity: () => `${short(at(run, "capacity", second))}/s`,
    lag: () => secondsOf(at(run, "lagSeconds", second)), instances: () => short(instances(run, planAt(run, second))) }[kind]();
};
const ofRun = (run, second) => `${nameOf(run)}: rate ${short(at(run, "rate", second))}/s, capacity ${short(at(run, "capacity", second))}/s, `
  + `lag ${secondsOf(at(run, "lagSeconds", second))}, instances ${short(instances(run, planAt(run, second)))}`;
const sentenceAt = second => `${clock(second)}: `
  + (chosen().map(run => ofRun(run, Math.min(second, run.seconds - 1))).join("; ") || "no run is chosen");

for (const place of runs.map((_, i) => i).filter(i => runs[i].group === runs[0].group).slice(0, slots.length)) slots[slots.indexOf(null)] = place;
const names = [...new Set(runs.flatMap(run => run.nodes))];
$("node").append(...names.map(name => make("option", { value: name, text: name })));
setPoints();
const panels = showPanels({
  host: $("panels"),
  figure,
  panels: readJson("panel-list"),
  duration,
  step: Math.min(...runs.map(run => run.width)),
  marks: [...new Set(runs.flatMap(run => run.changes.map(change => change[0])))].sort((a, b) => a - b),
  colorOf: trace => css({ level: "--alarm", rate: several() ? `--c${trace.kind[1]}` : "--text" }[trace.kind[0]] ?? `--c${trace.kind[1] ?? 0}`),
  valueAt,
  sentenceAt,
});
panels.moveTo(0);

const setBoxes = () => {
  const isFull = !slots.includes(null);
  for (const box of boxes) {
    const slot = slots.indexOf(Number(box.dataset.run));
    box.checked = slot >= 0;
    box.disabled = slot < 0 && isFull;
    document.querySelector(`[data-line="${box.dataset.run}"]`).style.background = slot < 0 ? "transparent" : `var(--c${slot})`;
  }
};
for (const box of boxes) {
  box.addEventListener("change", () => {
    const place = Number(box.dataset.run);
    const slot = slots.indexOf(box.checked ? null : place);
    if (slot >= 0) slots[slot] = box.checked ? place : null;
    setBoxes();
    setPoints();
    panels.draw();
    drawFront();
  });
}
$("node").addEventListener("change", () => {
  setPoints();
  panels.draw();
});

// The front.

const front = readJson("front-figure");
const symbols = ["circle", "square", "diamond", "triangle-up", "triangle-down", "pentagon"];
function drawFront() {
  const group = Number($("group")?.value ?? 0);
  const some = runs.filter(run => run.group === group);
  const [line, marks] = front.data;
  const colorOf = run => {
    const slot = slots.indexOf(runs.indexOf(run));
    return slot < 0 ? css("--soft") : css(`--c${slot}`);
  };
  const tell = (name, hours, above) => `${name}: ${hours.toFixed(1)} instance-hours, ${(100 * above).toFixed(1)} % above the objective`;
  Object.assign(line, {
    x: groups[group].front.map(point => point[0]),
    y: groups[group].front.map(point => point[1]),
    hovertext: groups[group].front.map(([hours, above, changes]) => tell(`clairvoyant, ${changes} rescales`, hours, above)),
    line: { color: css("--soft"), width: 1.5, dash: "dot" },
    marker: { size: 5, color: css("--soft") },
  });
  Object.assign(marks, {
    x: some.map(run => run.hours),
    y: some.map(run => run.above),
    text: some.map(run => escape(run.name)),
    hovertext: some.map(run => escape(tell(run.name, run.hours, run.above))),
    textposition: some.map((_, i) => (i % 2 ? "bottom center" : "top center")),
    cliponaxis: false,
    marker: {
      size: 12,
      color: some.map(colorOf),
      symbol: some.map((run, i) => symbols[i % symbols.length] + (run.onFront ? "" : "-open")),
      line: { width: 2, color: some.map(colorOf) },
    },
  });
  const hours = [...line.x, ...marks.x];
  const above = [...line.y, ...marks.y];
  const spread = Math.max(...hours) - Math.min(...hours) || Math.max(...hours) || 1;
  const highest = Math.max(...above) || 0.01;
  const { layout } = front;
  const width = Math.floor($("front").clientWidth);
  Object.assign(layout, {
    width, height: width < 600 ? 320 : 420,
    margin: { l: 64, r: 20, t: 16, b: 48 },
    font: { color: css("--text"), family: getComputedStyle(document.body).fontFamily, size: 12 },
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    hoverlabel: { bgcolor: css("--card"), bordercolor: css("--line"), font: { color: css("--text") } },
  });
  layout.xaxis.range = [Math.min(...hours) - 0.12 * spread, Math.max(...hours) + 0.12 * spread];
  layout.yaxis.range = [-0.08 * highest, 1.15 * highest];
  for (const axis of [layout.xaxis, layout.yaxis]) Object.assign(axis, { gridcolor: css("--grid"), linecolor: css("--line"), showline: true });
  return Plotly.react($("front"), front.data, layout, { ...front.config, displayModeBar: false });
}
/** Plotly reads tags in texts. */
function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
$("group")?.addEventListener("change", drawFront);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawFront);
for (const event of ["beforeprint", "afterprint"]) addEventListener(event, drawFront);
new ResizeObserver(() => { if (Math.floor($("front").clientWidth) !== front.layout.width) drawFront(); }).observe($("front"));
setBoxes();

// The data.

$("csv").addEventListener("click", event => {
  event.preventDefault();
  save(event.currentTarget.download, csvOfSeconds());
});
const csvOfSeconds = () => [
  csvLine(["run", "algorithm", "application", "second", "rate", "capacity", "lagSeconds", "instances"]),
  ...chosen().flatMap(run => run.times.map((second, i) => csvLine([run.name, run.algorithm, groups[run.group].title, second,
    run.columns.rate[i], run.columns.capacity[i], run.columns.lagSeconds[i], planAt(run, second).reduce((sum, one) => sum + one, 0)]))),
].join("\r\n") + "\r\n";
Promise.all([panels.ready, drawFront()]).then(() => { document.documentElement.dataset.ready = "true"; });
