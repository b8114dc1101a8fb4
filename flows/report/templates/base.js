"use strict";
// Data, filters and small helpers. Texts reach the page through textContent only, never as HTML.

const $ = (id) => document.getElementById(id);
const DAY = 86400000;
const QUADS = ["verbal cooperation", "material cooperation", "verbal conflict", "material conflict"];
// According to whom.
const TELLERS = { narrated: "by the outlet", attributed: "by somebody named", claimed: "by a party to it", disputed: "disputed by a party" };
const TOLD = {
  asserted: "as fact", planned: "planned", possible: "possible", alleged: "alleged",
  denied: "denied", negated: "as not happening",
};
const number = (value) => value.toLocaleString("en");
const short = (value) => (value < 10000 ? number(value) : value < 1e6 ? `${number(value / 1000)}k` : `${number(value / 1e6)}M`);
const plural = (value, word) => `${number(value)} ${word}${value === 1 ? "" : "s"}`;
const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
const dayOf = (text) => (text ? Math.floor(Date.parse(text + "T00:00:00Z") / DAY) : null);
const fold = (text) => (/^[\x00-\x7f]*$/.test(text) ? text : text.normalize("NFD").replace(/\p{M}/gu, "")).toLowerCase();

function make(name, attributes, ...children) {
  const svg = ["svg", "g", "rect", "circle", "path", "text", "line"].includes(name);
  const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === "on") for (const [event, action] of Object.entries(value)) node.addEventListener(event, action);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

async function unpack(id) {
  const node = $("data-" + id);
  const text = atob(node.textContent);
  node.remove();
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

let D; // the columns of `flows/report/data.py`
let N = 0;
const packed = new Map(); // block number → promise of its events
let articles = null;
const articlesOf = () => (articles ||= unpack("articles"));
const blockOf = (number) => {
  if (!packed.has(number)) packed.set(number, unpack(number));
  return packed.get(number);
};
const blockCount = () => Math.ceil(N / D.block);

const nameOf = (entity) => D.entities[entity][0];
const edtf = (i) => D.date[i] ?? (D.start[i] === null ? "" : iso(D.start[i]));
// An interval without what both ends share: 2026-11-23 – 29, 2026-11-23 – 12-02.
function dateText(i) {
  return intervalText(i) + (edtf(i) && D.methods[D.method[i]] === "publication" ? " (pub.)" : "");
}
function intervalText(i) {
  const [first, last] = edtf(i).split("/");
  if (!last) return first || "undated";
  if (first.length !== last.length || first.length < 10) return `${first} – ${last}`;
  return `${first} – ${last.slice(first.slice(0, 7) === last.slice(0, 7) ? 8 : first.slice(0, 4) === last.slice(0, 4) ? 5 : 0)}`;
}
const signed = (value) => value.toFixed(1).replace("-", "−");
const placeText = (i) => (D.place[i] >= 0 ? D.places[D.place[i]][0] : D.country[i] >= 0 ? D.countries[D.country[i]][1] : "");
const names = (list) => list.map(nameOf).join(", ");
function partiesText(i) {
  const sides = new Set([...D.initiator[i], ...D.recipient[i]]); // by other reports of the event
  const both = names(D.participant[i].filter((entity) => !sides.has(entity)));
  const who = names(D.initiator[i]), whom = names(D.recipient[i]);
  const acted = whom ? `${who || "?"} → ${whom}` : who;
  return acted && both ? `${acted} · with ${both}` : acted || both;
}
const speakerOf = (i) => (D.speaker[i] >= 0 ? D.speakers[D.speaker[i]] : "");
const toldText = (i) => {
  const as = D.modalities[D.modality[i]], by = D.tellings[D.told[i]], who = speakerOf(i);
  const teller = by === "attributed" && who ? `by ${who}` : by === "claimed" && who ? `claimed by ${who}` : TELLERS[by] || by;
  return (TOLD[as] || as) + (by && by !== "narrated" ? `, ${teller}` : "");
};
const typeText = (i) => D.types[D.type[i]][0].toLowerCase() + (D.mode[i] >= 0 ? ` (${D.modes[D.mode[i]]})` : "");
const quad = (i) => D.types[D.type[i]][1];

// --- Filters -----------------------------------------------------------------------------------
// An event fails in groups, kept as bits, so that a chart can leave its own filter out.
const COMMON = 1, DYAD = 2, PLACE = 4, ACTOR = 8;
const FIRST = -2; // of `told`: what is shown first, by the outlet or by somebody who is no party
const EMPTY = { text: "", type: -1, modality: -1, told: -1, sure: 0, country: -1, first: null, last: null, from: -1, to: -1, place: -1, actor: -1 };
const state = { ...EMPTY };
let fails; // Uint8Array
let shown = new Int32Array(0); // events that pass all filters, in the order of the table
let hay = null; // folded text of each event, once a text was asked for
let hayLoaded = 0; // blocks whose sentences are in it
const listeners = [];

function compute() {
  const words = fold(state.text).split(/\s+/).filter(Boolean);
  if (words.length) growHay();
  for (let i = 0; i < N; i++) {
    let bits = 0;
    const start = D.start[i];
    if (state.type >= 0 && D.type[i] !== state.type) bits |= COMMON;
    else if (state.modality >= 0 && D.modality[i] !== state.modality) bits |= COMMON;
    else if (state.told >= 0 && D.told[i] !== state.told) bits |= COMMON;
    else if (state.told === FIRST && !isFirst(i)) bits |= COMMON;
    else if (D.confidence[i] < state.sure) bits |= COMMON;
    else if (state.first !== null && !(start !== null && start + D.days[i] >= state.first)) bits |= COMMON;
    else if (state.last !== null && !(start !== null && start <= state.last)) bits |= COMMON;
    else if (state.country >= 0 && D.country[i] !== state.country &&
      !D.from_countries[i].includes(state.country) && !D.to_countries[i].includes(state.country)) bits |= COMMON;
    else if (words.length && !words.every((word) => hay[i].includes(word))) bits |= COMMON;
    if (state.from >= 0 && !D.pairs[i].some(([a, b]) => a === state.from && b === state.to)) bits |= DYAD;
    if (state.place >= 0 && D.place[i] !== state.place) bits |= PLACE;
    if (state.actor >= 0 && !hasActor(i, state.actor)) bits |= ACTOR;
    fails[i] = bits;
  }
}
const isFirst = (i) => D.told[i] < 0 || D.first_shown.told.includes(D.tellings[D.told[i]]);
const hasActor = (i, actor) =>
  D.initiator[i].includes(actor) || D.recipient[i].includes(actor) || D.participant[i].includes(actor);

function growHay() {
  if (hay) return;
  hay = Array.from({ length: N }, (_, i) =>
    fold(`${typeText(i)} ${partiesText(i)} ${placeText(i)} ${D.country[i] >= 0 ? D.countries[D.country[i]][1] : ""} ${dateText(i)}`));
  addSentences();
}
async function addSentences() {
  let drawn = performance.now();
  for (let b = 0; b < blockCount(); b++) {
    if (b + 1 < blockCount()) blockOf(b + 1); // unpacked beside this one
    (await blockOf(b)).forEach(([, , reports], k) => {
      const texts = reports.map((report) => report[4].map((part) => (Array.isArray(part) ? part[1] : part)).join(""));
      hay[b * D.block + k] += " " + fold(texts.join(" "));
    });
    hayLoaded = b + 1;
    if (state.text && (performance.now() - drawn > 700 || hayLoaded === blockCount())) {
      update();
      drawn = performance.now();
    }
  }
}

// Events that pass every filter but those in `apart`, by a callback: no list is built.
function each(apart, action) {
  for (let i = 0; i < N; i++) if ((fails[i] & ~apart) === 0) action(i);
}
function set(changes) {
  T.event = "";
  Object.assign(state, changes);
  update();
}
function update() {
  compute();
  listeners.forEach((draw) => draw());
}

// --- Shared behaviour ---------------------------------------------------------------------------
// One Tab stop for a group of marks; arrow keys move inside it, by `step(key, index)`.
function rove(root, selector, step) {
  root.addEventListener("keydown", (event) => {
    const items = [...root.querySelectorAll(selector)];
    const index = items.indexOf(event.target);
    if (index < 0) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.target.dispatchEvent(new MouseEvent("click", { bubbles: true }));
      return;
    }
    const next = { Home: 0, End: items.length - 1 }[event.key] ?? step(event.key, index, items);
    if (next === undefined || !items[next]) return;
    event.preventDefault();
    items[index].setAttribute("tabindex", -1);
    items[next].setAttribute("tabindex", 0);
    items[next].focus();
  });
}
const sideways = (key, index) => ({ ArrowLeft: index - 1, ArrowUp: index - 1, ArrowRight: index + 1, ArrowDown: index + 1 })[key];

// A mark's label, shown beside it on hover and focus; readers of the screen get aria-label.
function tips(root) {
  const tip = $("tip");
  const show = (event) => {
    const mark = event.target.closest?.("[data-tip]");
    if (!mark) return;
    tip.textContent = mark.getAttribute("data-tip");
    tip.hidden = false;
    const box = mark.getBoundingClientRect();
    const x = event.clientX || box.left + box.width / 2;
    const y = event.type === "focusin" ? box.top : Math.min(event.clientY || box.top, box.bottom);
    const width = tip.offsetWidth;
    tip.style.left = Math.max(8, Math.min(x - width / 2, document.documentElement.clientWidth - width - 8)) + "px";
    tip.style.top = (y - tip.offsetHeight - 12 < 4 ? y + 18 : y - tip.offsetHeight - 12) + "px";
  };
  const hide = () => { tip.hidden = true; };
  root.addEventListener("pointermove", show);
  root.addEventListener("focusin", show);
  root.addEventListener("pointerleave", hide);
  root.addEventListener("focusout", hide);
  root.addEventListener("click", hide);
}
// Focus survives a redrawing: give it back to the mark with the same `data-key`.
function redraw(root, draw) {
  const key = root.contains(document.activeElement) ? document.activeElement.getAttribute("data-key") : null;
  draw();
  if (key === null) return;
  const again = root.querySelector(`[data-key="${CSS.escape(key)}"]`) || root.querySelector("[data-key]");
  if (!again) return;
  root.querySelectorAll('[data-key][tabindex="0"]').forEach((node) => node.setAttribute("tabindex", -1));
  again.setAttribute("tabindex", 0);
  again.focus({ preventScroll: true });
}
