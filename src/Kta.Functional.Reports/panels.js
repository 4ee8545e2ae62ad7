"use strict";
// Stacked panels over one time axis: Plotly draws them, this moves the cursor, zooms by keys, and says what is where in a line of text.

const labelHeight = 30;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];

/**
 * Panels in an element. Of a figure every trace has a meta, panels name their axis, title and height;
 * valueAt says what a trace shows at a second, sentenceAt all of it, marks are seconds to jump between.
 */
function showPanels({ host, figure, panels, duration, step, marks, colorOf, valueAt, sentenceAt }) {
  const { data, layout } = figure;
  const config = { ...figure.config, doubleClick: false, displayModeBar: false };
  const canvas = make("div", { class: "canvas" });
  const labels = make("div", { class: "labels" });
  const cursor = make("div", { class: "cursor", hidden: true });
  const touch = make("div", { class: "touch" });
  const line = document.getElementById("moment");
  const isCoarse = matchMedia("(pointer: coarse)");
  const values = new Map();
  let now = null;
  let width = 0;
  host.append(canvas, labels, cursor, touch);

  const range = () => layout.xaxis.range.map(Number);
  const margin = () => layout.margin;
  const inner = () => width - margin().l - margin().r;
  const left = second => margin().l + (second - range()[0]) / (range()[1] - range()[0]) * inner();
  const shown = () => panels.filter(panel => !panel.collapsed);

  const setTicks = () => {
    const [from, to] = range();
    const wanted = (to - from) / Math.max(2, inner() / (calendar == null ? 80 : 110));
    const by = steps.find(one => one >= wanted) ?? Math.ceil(wanted / 604800) * 604800;
    const ticks = [];
    // Round times of the clock, where there is one.
    const origin = calendar == null ? 0 : Math.round(calendar / 1000) % by;
    for (let at = Math.ceil((from + origin) / by) * by - origin; at <= to; at += by) ticks.push(at);
    layout.xaxis.tickvals = ticks;
    layout.xaxis.ticktext = ticks.map(at => clock(at, by < 60));
  };

  const setPanels = () => {
    const total = shown().reduce((sum, panel) => sum + panel.height + labelHeight, 0);
    let top = 0;
    labels.replaceChildren();
    values.clear();
    for (const panel of panels) {
      const axis = layout[panel.axis];
      const traces = data.filter(trace => "y" + trace.yaxis.slice(1) === panel.axis.replace("axis", ""));
      axis.visible = !panel.collapsed;
      traces.forEach(trace => { trace.visible = !panel.collapsed && trace.meta !== "none"; });
      if (panel.collapsed) {
        axis.domain = [0, 0.001];
        continue;
      }
      axis.domain = [1 - (top + labelHeight + panel.height) / total, 1 - (top + labelHeight) / total];
      labels.append(labelOf(panel, traces.filter(trace => trace.visible), top));
      top += panel.height + labelHeight;
    }
    layout.height = total + margin().b;
    host.style.height = `${layout.height}px`;
    cursor.style.height = `${total}px`;
    touch.style.height = `${total}px`;
  };

  const labelOf = (panel, traces, top) => make("div", { class: "label", style: `top:${top + 3}px;left:${margin().l}px` },
    make("b", { text: panel.title }),
    ...traces.map(trace => {
      const value = make("output", {});
      values.set(trace, value);
      const dash = { dash: "6 3", dot: "2 3", dashdot: "6 2 2 2" }[trace.line.dash] ?? "";
      const swatch = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      swatch.setAttribute("class", "swatch");
      const stroke = document.createElementNS(swatch.namespaceURI, "path");
      for (const [key, text] of [["d", "M0 5H20"], ["stroke", trace.line.color], ["stroke-width", "2.5"], ["stroke-dasharray", dash]]) {
        stroke.setAttribute(key, text);
      }
      swatch.append(stroke);
      return make("span", { class: "key" }, swatch, trace.name + " ", value);
    }));

  const setTheme = () => {
    layout.font = { ...layout.font, color: css("--text"), family: getComputedStyle(document.body).fontFamily, size: 12 };
    layout.paper_bgcolor = layout.plot_bgcolor = "rgba(0,0,0,0)";
    for (const [name, axis] of Object.entries(layout).filter(([key]) => /^[xy]axis/.test(key))) {
      axis.gridcolor = css("--grid");
      axis.linecolor = axis.zerolinecolor = css("--line");
      axis.showline = name === "xaxis";
    }
    for (const trace of data) {
      const color = colorOf(trace);
      trace.line = { ...trace.line, color };
      if (trace.fill) trace.fillcolor = color;
    }
  };

  const draw = () => {
    width = Math.floor(host.clientWidth);
    layout.width = width;
    layout.margin = { l: width < 600 ? 42 : 56, r: 10, t: 0, b: 30, pad: 0 };
    layout.dragmode = isCoarse.matches ? false : "zoom";
    touch.hidden = !isCoarse.matches;
    setTheme();
    setTicks();
    setPanels();
    const done = Plotly.react(canvas, data, layout, config);
    tell();
    return done;
  };

  const tell = () => {
    if (now == null) return;
    const [from, to] = range();
    cursor.hidden = now < from || now > to;
    cursor.style.left = `${left(now)}px`;
    for (const [trace, value] of values) value.textContent = valueAt(trace, now);
    line.textContent = sentenceAt(now);
    host.setAttribute("aria-valuenow", now);
    host.setAttribute("aria-valuetext", clock(now));
  };

  const moveTo = (second, follow = false) => {
    now = Math.max(0, Math.min(duration, Math.round(second / step) * step));
    const [from, to] = range();
    if (follow && (now < from || now > to)) {
      const half = (to - from) / 2;
      zoomTo(now - half, now + half);
    }
    tell();
  };

  const zoomTo = (from, to) => {
    const length = Math.max(10 * step, Math.min(duration, to - from));
    const start = Math.max(0, Math.min(duration - length, (from + to - length) / 2));
    layout.xaxis.range = [start, start + length];
    return draw();
  };

  const zoomBy = factor => {
    const [from, to] = range();
    const middle = now != null && now >= from && now <= to ? now : (from + to) / 2;
    return zoomTo(middle - (middle - from) * factor, middle + (to - middle) * factor);
  };

  const keys = {
    ArrowLeft: event => moveTo((now ?? 0) - stride(event), true),
    ArrowRight: event => moveTo((now ?? 0) + stride(event), true),
    Home: () => moveTo(0, true),
    End: () => moveTo(duration, true),
    PageUp: () => moveTo(marks.findLast(mark => mark < (now ?? 0)) ?? 0, true),
    PageDown: () => moveTo(marks.find(mark => mark > (now ?? 0)) ?? duration, true),
    "+": () => zoomBy(0.5),
    "=": () => zoomBy(0.5),
    "-": () => zoomBy(2),
    "0": () => zoomTo(0, duration),
    Escape: () => zoomTo(0, duration),
  };
  const stride = event => Math.max(step, (range()[1] - range()[0]) / 200) * (event.shiftKey ? 10 : 1);
  host.addEventListener("keydown", event => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? null : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act(event);
  });

  const follow = event => {
    const x = event.clientX - host.getBoundingClientRect().left;
    if (x < margin().l || x > width - margin().r) return;
    const [from, to] = range();
    moveTo(from + (x - margin().l) / inner() * (to - from));
  };
  // Plotly covers the page while a button is down, so that a click on the panels reaches the document only.
  document.addEventListener("dblclick", event => {
    const box = canvas.getBoundingClientRect();
    if (event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.top + layout.height) {
      zoomTo(0, duration);
    }
  });
  host.addEventListener("pointermove", follow);
  host.addEventListener("pointerdown", follow);

  const ready = draw().then(() => {
    canvas.on("plotly_relayout", change => {
      if (Object.keys(change).some(key => key.startsWith("xaxis.range"))) zoomTo(...range());
    });
  });
  new ResizeObserver(() => { if (Math.floor(host.clientWidth) !== width) draw(); }).observe(host);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  isCoarse.addEventListener("change", draw);
  for (const [event, isPrinting] of [["beforeprint", true], ["afterprint", false]]) {
    addEventListener(event, () => {
      document.documentElement.classList.toggle("printing", isPrinting);
      draw();
    });
  }

  const buttons = { in: () => zoomBy(0.5), out: () => zoomBy(2), all: () => zoomTo(0, duration) };
  for (const button of document.querySelectorAll("[data-zoom]")) button.addEventListener("click", buttons[button.dataset.zoom]);

  return { ready, draw, moveTo, zoomTo, range, now: () => now };
}
