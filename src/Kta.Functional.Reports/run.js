"use strict";
// A run: fills the panels and the table of decisions from the data of the page.

const run = readJson("data");
const { nodes, columns, iterations, changes } = run;
const $ = id => document.getElementById(id);
const palette = i => css(`--c${i % 6}`);

if (run.epoch != null) calendar = run.epoch + 60000 * run.offsetMinutes;
const times = Array.from({ length: Math.ceil(run.seconds / run.width) }, (_, i) => i * run.width);
const at = (column, second) => columns[column]?.[Math.min(times.length - 1, Math.floor(second / run.width))];
const plans = plansOf(run);
const planAt = second => planIn(plans, second);
/** What an iteration measured holds for the time before it. */
const measuredAt = second => iterations[lastUpTo(iterations, second - 1, one => one.at) + 1];
const [busy, blocked, taken, could, arriving, waiting] = [0, 1, 2, 3, 4, 5];
const measured = (iteration, node, what) => iteration?.m[node]?.[what] ?? null;
const share = (iteration, node, what) => {
  const number = measured(iteration, node, what);
  return number == null ? null : number / 1000;
};

// What a live run has beside: what happened between decisions, and what shadows said.
const events = run.events ?? [];
const moments = kind => events.filter(one => one[2] === kind).map(one => one[0]);
const stretches = kind => events.filter(one => one[2] === kind).map(([from, length]) => [from, from + length]);
const shadowOf = (iteration, rule, node) => iteration?.s?.find(one => one[0] === rule && one[1] === node)?.[2] ?? null;
const shadow = place => [Math.floor(place / nodes.length), place % nodes.length];

// The panels.

const areas = some => ({ x: some.flatMap(([from, to]) => [from, from, to, to, null]), y: some.flatMap(() => [0, 1, 1, 0, null]) });
const lines = some => ({ x: some.flatMap(second => [second, second, null]), y: some.flatMap(() => [0, 1, null]) });
const steady = values => ({ x: [...values.map(value => value[0]), run.seconds], y: [...values.map(value => value[1]), values.at(-1)?.[1]] });
const points = {
  column: name => ({ x: times, y: columns[name] }),
  level: value => ({ x: [0, run.seconds], y: [Number(value), Number(value)] }),
  node: node => steady(plans.map(([second, plan]) => [second, plan[node]])),
  busy: node => ({ x: iterations.map(one => one.at), y: iterations.map(one => share(one, node, busy)) }),
  blocked: node => ({ x: iterations.map(one => one.at), y: iterations.map(one => share(one, node, blocked)) }),
  shadow: place => steady(iterations.map(one => [one.at, shadowOf(one, ...shadow(place))])),
  down: () => areas(run.down),
  rescales: () => lines(changes.map(change => change[0])),
  gaps: () => areas(stretches("gap")),
  settings: () => lines(moments("settings")),
  failures: () => lines(moments("failure")),
};
const seconds = number => `${short(number)} s`;
const values = {
  column: (name, second) => (name.endsWith("Seconds") ? seconds(at(name, second)) : `${short(at(name, second))}/s`),
  level: value => seconds(Number(value)),
  node: (node, second) => short(planAt(second)[node]),
  busy: (node, second) => percent(share(measuredAt(second), node, busy)),
  blocked: (node, second) => percent(share(measuredAt(second), node, blocked)),
  shadow: (place, second) => short(shadowOf(iterations[lastUpTo(iterations, second, one => one.at)], ...shadow(place))),
};
const colors = { rate: "--c0", capacity: "--c1", lagSeconds: "--c0", lag: "--c0", latencySeconds: "--c1" };
const behind = { level: "--alarm", down: "--down", rescales: "--mark", gaps: "--gap", settings: "--c2", failures: "--alarm" };
const colorOf = trace => {
  const [kind, what] = trace.meta.split(":");
  return kind === "column" ? css(colors[what]) : behind[kind] ? css(behind[kind]) : palette(kind === "shadow" ? shadow(what)[1] : what);
};

const sentenceAt = second => {
  const iteration = measuredAt(second);
  const plan = planAt(second);
  const isDown = run.down.some(([from, to]) => from <= second && second < to);
  const ofNode = (name, i) => {
    const time = share(iteration, i, busy);
    return `${name} ${plan[i]}` + (time == null ? "" : ` (busy ${percent(time)}, back-pressured ${percent(share(iteration, i, blocked))})`);
  };
  const said = [
    columns.rate && `rate ${short(at("rate", second))}/s`,
    columns.capacity && `capacity ${short(at("capacity", second))}/s`,
    columns.lagSeconds && `lag ${seconds(at("lagSeconds", second))} (${short(at("lag", second))} records)`,
    columns.latencySeconds && `latency ${seconds(at("latencySeconds", second))}`,
  ].filter(Boolean).map(text => `${text}, `).join("");
  return `${clock(second)}: ${said}instances ${plan.reduce((sum, one) => sum + one, 0)}${isDown ? ", restarting" : ""}; ${nodes.map(ofNode).join(", ")}`;
};

const figure = readJson("figure");
for (const trace of figure.data) {
  const [kind, what] = trace.meta.split(":");
  Object.assign(trace, points[kind](what));
}
const list = readJson("panel-list");
const panels = showPanels({
  host: $("panels"),
  figure,
  panels: list,
  duration: run.seconds,
  step: run.width,
  marks: [...changes.map(change => change[0]), ...moments("settings"), ...moments("failure")].sort((a, b) => a - b),
  colorOf,
  valueAt: (trace, second) => {
    const [kind, what] = trace.meta.split(":");
    return values[kind]?.(what, Math.min(second, run.seconds - 1)) ?? "";
  },
  sentenceAt: second => sentenceAt(Math.min(second, run.seconds - 1)),
});
panels.moveTo(0);

/** Shows a moment or a stretch in the panels. */
const show = (from, to = from) => {
  if (to > from) panels.zoomTo(from - 0.5 * (to - from) - 60, to + 0.5 * (to - from) + 60);
  else if (from < panels.range()[0] || from > panels.range()[1]) panels.zoomTo(0, run.seconds);
  panels.moveTo(from);
  $("panels").scrollIntoView({ block: "nearest" });
};
const followHash = () => {
  const [, from, to] = /^#t=(\d+)(?:-(\d+))?$/.exec(location.hash) ?? [];
  if (from) show(Number(from), Number(to ?? from));
};
addEventListener("hashchange", followHash);
addEventListener("click", event => {
  // The same link again changes no address.
  if (event.target.closest?.(`a[href^="#t="]`)?.hash === location.hash) followHash();
});

// The decisions.

const step = (node, [, planned, applied, held, lacks], before) =>
  (applied === before[node] ? `${nodes[node]} keeps ${applied}` : `${nodes[node]} ${before[node]} → ${applied}`)
  + (planned !== applied ? ` (asked for ${planned})` : "") + (held ? ", held back" : "") + (lacks ? ", measurements missing" : "");
const isChanged = (iteration, node) => iteration.d.some(one => (node < 0 || one[0] === node) && one[2] !== iteration.p[one[0]]);
/** In a few words: not more nodes than a line can hold. */
const decision = (iteration, node = -1) => {
  const some = iteration.d.filter(one => node < 0 || one[0] === node);
  if (some.length === 0) return node < 0 ? "all kept" : `${nodes[node]} keeps ${iteration.p[node]}`;
  const shown = some.slice(0, some.length > 6 ? 5 : 6).map(one => step(one[0], one, iteration.p));
  return shown.join(", ") + (some.length > shown.length ? ` and ${some.length - shown.length} more` : "");
};
/** What a shadow would have planned instead. */
const otherwise = (iteration, node = -1) => {
  const planned = place => iteration.d.find(one => one[0] === place)?.[1] ?? iteration.p[place];
  const others = (iteration.s ?? []).filter(([, place, count]) => (node < 0 || place === node) && count !== planned(place));
  return (run.rules ?? []).map((name, rule) => [name, others.filter(one => one[0] === rule)]).filter(([, some]) => some.length > 0)
    .map(([name, some]) => `${name} would say ${some.slice(0, 6).map(([, place, count]) => `${nodes[place]} ${count}`).join(", ")}`
      + (some.length > 6 ? ` and ${some.length - 6} more` : "")).join("; ");
};
const rateAt = iteration => at("rate", iteration.at - 1);

const table = (head, rows) => make("div", { class: "scroll" }, make("table", {},
  make("thead", {}, make("tr", {}, ...head.map(text => make("th", { scope: "col", text })))),
  make("tbody", {}, ...rows.map(cells => make("tr", {}, ...cells.map((text, i) => make(i ? "td" : "th", { text, scope: i ? null : "row" })))))));

const details = iteration => {
  const place = iterations.indexOf(iteration);
  const reasons = iteration.d.filter(one => one[5].length > 0);
  const near = iterations.slice(Math.max(0, place - 2), place + 3);
  return make("td", { colspan: 5 },
    ...(reasons.length ? [make("ul", {}, ...reasons.map(one =>
      make("li", {}, make("b", { text: step(one[0], one, iteration.p) }), ...one[5].map(text => make("div", { text })))))] : []),
    make("h4", { text: "Measured since the iteration before" }),
    table(["node", "busy", "back-pressured", "records in /s", "could take /s", "arriving /s", "waiting"], nodes.map((name, i) =>
      [name, percent(share(iteration, i, busy)), percent(share(iteration, i, blocked)),
        ...[taken, could, arriving, waiting].map(what => short(measured(iteration, i, what)))])),
    make("h4", { text: "Before and after" }),
    table(["time", "rate", "decision"], near.map(one => [clock(one.at) + (one === iteration ? " (this one)" : ""), `${short(rateAt(one))}/s`, decision(one)])),
    make("p", {}, make("a", { href: `#t=${iteration.at}`, text: `Show ${clock(iteration.at)} in the panels` })));
};

const row = (iteration, node) => {
  const reason = iteration.d.filter(one => node < 0 || one[0] === node).flatMap(one => one[5])[0] ?? "";
  const button = make("button", { "aria-expanded": "false", "aria-label": `Details of ${clock(iteration.at)}` , text: clock(iteration.at) });
  const more = make("tr", { class: "more", hidden: true });
  const line = make("tr", { class: isChanged(iteration, -1) ? "changed" : "" },
    make("th", { scope: "row" }, button),
    make("td", { text: `${short(rateAt(iteration))}/s` }),
    make("td", { text: seconds(at("lagSeconds", iteration.at - 1)) }),
    make("td", { text: decision(iteration, node) }, ...(otherwise(iteration, node) ? [make("div", { class: "shadow", text: otherwise(iteration, node) })] : [])),
    make("td", { class: "why", text: reason }));
  line.addEventListener("click", () => {
    if (more.hidden && !more.hasChildNodes()) more.append(details(iteration));
    more.hidden = !more.hidden;
    button.setAttribute("aria-expanded", String(!more.hidden));
    panels.moveTo(iteration.at);
  });
  return [line, more];
};

const fill = () => {
  const node = Number($("node").value);
  const onlyChanged = $("changed").checked;
  const some = iterations.filter(one => onlyChanged ? isChanged(one, node) : true);
  $("rows").replaceChildren(...some.flatMap(one => row(one, node)));
  $("row-count").textContent = `${some.length} of ${run.iterationCount} iterations`
    + (iterations.length < run.iterationCount ? `; the page holds ${iterations.length} of them, those with changes first` : "");
};
$("node").append(...nodes.map((name, i) => make("option", { value: i, text: name })));
$("changed").checked = changes.length > 0;
for (const id of ["node", "changed"]) $(id).addEventListener("change", fill);
fill();

$("more-panels").addEventListener("change", event => {
  for (const panel of list) if (panel.optional) panel.collapsed = !event.target.checked;
  panels.draw();
});

// The data.

const csvOfSeconds = () => [
  csvLine(["second", ...Object.keys(columns), ...nodes]),
  ...times.map((second, i) => csvLine([second, ...Object.values(columns).map(column => column[i]), ...planAt(second)])),
].join("\r\n") + "\r\n";
const csvOfDecisions = () => [
  csvLine(["iteration", "second", "node", "before", "planned", "applied", "heldBack", "lacksData", "busy", "backPressured",
    "recordsIn", "trueRate", "arrivals", "lag", "reasons", ...(calendar == null ? [] : ["time"]), ...(run.rules ?? []).map(rule => `${rule} would say`)]),
  ...iterations.flatMap(one => nodes.map((name, i) => {
    const [, planned, applied, held, lacks, reasons] = one.d.find(decided => decided[0] === i) ?? [i, one.p[i], one.p[i], 0, 0, []];
    return csvLine([one.n, one.at, name, one.p[i], planned, applied, held, lacks, share(one, i, busy), share(one, i, blocked),
      ...[taken, could, arriving, waiting].map(what => measured(one, i, what)), reasons.join("; "),
      ...(calendar == null ? [] : [new Date(run.epoch + 1000 * one.at).toISOString()]), ...(run.rules ?? []).map((_, rule) => shadowOf(one, rule, i))]);
  })),
].join("\r\n") + "\r\n";
for (const [id, csv] of [["csv", csvOfSeconds], ["csv-decisions", csvOfDecisions]]) {
  $(id).addEventListener("click", event => {
    event.preventDefault();
    save(event.currentTarget.download, csv());
  });
}
panels.ready.then(() => {
  followHash();
  document.documentElement.dataset.ready = "true";
});
