"use strict";
// Numbers, times, elements and CSV, for all scripts of a page.

const hour = 3600;
const pad = number => String(number).padStart(2, "0");
/** Where a page shows moments of the calendar: second 0 in milliseconds, in the time of its place. */
let calendar = null;
const clock = (seconds, withSeconds = true) => {
  const s = Math.round(seconds);
  if (calendar != null) return new Date(calendar + 1000 * s).toISOString().slice(5, withSeconds ? 19 : 16).replace("T", " ");
  return `${pad(Math.floor(s / hour))}:${pad(Math.floor(s / 60) % 60)}${withSeconds ? ":" + pad(s % 60) : ""}`;
};
const short = number => {
  if (number == null || Number.isNaN(number)) return "–";
  const size = Math.abs(number);
  const to = (value, digits) => String(Number(value.toFixed(digits)));
  return size >= 1e6 ? to(number / 1e6, 2) + "M" : size >= 1e4 ? to(number / 1e3, 0) + "k" : size >= 1e3 ? to(number / 1e3, 1) + "k"
    : size >= 100 ? to(number, 0) : to(number, size >= 10 ? 1 : 2);
};
const percent = share => share == null ? "–" : `${Math.round(100 * share)} %`;
const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "text") element.textContent = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value != null && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
};
const readJson = id => JSON.parse(document.getElementById(id).textContent);
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
/** The last place whose value is not above the wanted one, or -1. */
const lastUpTo = (values, wanted, of = value => value) => {
  let low = -1;
  let high = values.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (of(values[middle]) <= wanted) low = middle; else high = middle - 1;
  }
  return low;
};
const save = (name, text) => {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
};
/** A line of a table as RFC 4180 wants it. */
const csvLine = cells => cells.map(cell => /[",\r\n]/.test(cell) ? `"${String(cell).replaceAll('"', '""')}"` : cell ?? "").join(",");
/** The instances of every node of a run from each change on, first those of the start. */
const plansOf = run => {
  const plans = [[0, run.start]];
  for (const [second, ...pairs] of run.changes) {
    const plan = [...plans.at(-1)[1]];
    for (let i = 0; i < pairs.length; i += 2) plan[pairs[i]] = pairs[i + 1];
    plans.push([second, plan]);
  }
  return plans;
};
const planIn = (plans, second) => plans[lastUpTo(plans, second, plan => plan[0])][1];
