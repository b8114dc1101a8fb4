// Filters, chips and the start of the page. The filters stand in the address, to be passed on.

const ALL = -1;

function fill(select, options, chosen) {
  select.replaceChildren(...options.map(([value, text]) => make("option", { value }, text)));
  select.value = chosen;
}
function count(column, size) {
  const counts = new Int32Array(size);
  for (let i = 0; i < N; i++) if (column[i] >= 0) counts[column[i]]++;
  return counts;
}

function buildFilters() {
  const types = count(D.type, D.types.length), told = count(D.modality, D.modalities.length);
  const countries = new Int32Array(D.countries.length);
  for (let i = 0; i < N; i++) {
    for (const c of new Set([D.country[i], ...D.from_countries[i], ...D.to_countries[i]])) if (c >= 0) countries[c]++;
  }
  const byName = (a, b) => a[1].localeCompare(b[1]);
  fill($("f-type"), [[ALL, "any type"], ...D.types.map(([name], t) => [t, `${name.toLowerCase()} (${number(types[t])})`]).sort(byName)], ALL);
  fill($("f-modality"), [[ALL, "anything"], ...D.modalities.map((name, m) => [m, `${TOLD[name] || name} (${number(told[m])})`])], ALL);
  const tellers = count(D.told, D.tellings.length);
  fill($("f-told"), [[ALL, "anybody"], [FIRST, "no party to it"], ...D.tellings.map((name, t) => [t, `${TELLERS[name] || name} (${number(tellers[t])})`])], ALL);
  fill($("f-sure"), [0, 30, 50, 70, 90].map((least) => [least, least ? `from ${(least / 100).toFixed(1)}` : "any"]), 0);
  fill($("f-country"), [[ALL, "any country"], ...D.countries.map(([, name], c) => [c, `${name} (${number(countries[c])})`]).sort(byName)], ALL);
  fill($("sort"), SORTS.map(([name], index) => [index, name]), 0);
  const kinds = [...new Set(D.entities.map(([, type]) => type))].sort();
  fill($("actor-kind"), [["", "all"], ...kinds.map((kind) => [kind, kind])], "");
  let timer = 0;
  $("f-text").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => set({ text: $("f-text").value.trim() }), N > 20000 ? 250 : 80);
  });
  $("f-text").addEventListener("focus", () => setTimeout(growHay, 50)); // ready by the time of the first word
  for (const name of ["type", "modality", "told", "sure", "country"]) $("f-" + name).addEventListener("change", (event) => set({ [name]: +event.target.value }));
  for (const name of ["first", "last"]) $("f-" + name).addEventListener("change", (event) => set({ [name]: dayOf(event.target.value) }));
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("sort").addEventListener("change", listRows);
  $("actor-kind").addEventListener("change", drawActors);
  $("dyad-shade").addEventListener("change", drawDyads);
  $("legend").append(...QUADS.map((name, q) => make("span", {}, make("i", { class: `dot q${q + 1}` }), name)));
}

// What is filtered, each with a button that takes it back.
function drawState() {
  $("f-text").value = document.activeElement === $("f-text") ? $("f-text").value : state.text;
  for (const name of ["type", "modality", "told", "sure", "country"]) $("f-" + name).value = state[name];
  for (const name of ["first", "last"]) if (document.activeElement !== $("f-" + name)) $("f-" + name).value = state[name] === null ? "" : iso(state[name]);
  const chips = [];
  const chip = (text, changes) => chips.push(make("button", { type: "button", class: "chip", "aria-label": `Remove filter: ${text}`, "data-key": text, on: { click: () => set(changes) } }, text, " ×"));
  if (state.text) chip(`“${state.text}”`, { text: "" });
  if (state.type >= 0) chip(D.types[state.type][0].toLowerCase(), { type: ALL });
  if (state.modality >= 0) chip(`told ${TOLD[D.modalities[state.modality]] || D.modalities[state.modality]}`, { modality: ALL });
  if (state.told >= 0) chip(`told ${TELLERS[D.tellings[state.told]] || D.tellings[state.told]}`, { told: ALL });
  if (state.told === FIRST) chip("by nobody who is a party", { told: ALL });
  if (state.sure) chip(`confidence from ${(state.sure / 100).toFixed(1)}`, { sure: 0 });
  if (state.country >= 0) chip(D.countries[state.country][1], { country: ALL });
  if (state.first !== null || state.last !== null) {
    const both = state.first !== null && state.last !== null;
    chip(both ? `${iso(state.first)} to ${iso(state.last)}` : state.first !== null ? `from ${iso(state.first)}` : `to ${iso(state.last)}`, { first: null, last: null });
  }
  if (state.from >= 0) chip(`${D.countries[state.from][1]} → ${D.countries[state.to][1]}`, { from: -1, to: -1 });
  if (state.place >= 0) chip(D.places[state.place][0], { place: -1 });
  if (state.actor >= 0) chip(nameOf(state.actor), { actor: -1 });
  if (chips.length > 1) chips.push(make("button", { type: "button", class: "chip all", "data-key": "all", on: { click: () => set(EMPTY) } }, "Clear all"));
  $("chips").replaceChildren(...chips);
  const loading = state.text && hayLoaded < blockCount() ? " · still reading sentences…" : "";
  $("count").textContent = (shown.length === N ? plural(N, "event") : `${number(shown.length)} of ${plural(N, "event")}`) + loading;
  remember();
}

// --- The address -----------------------------------------------------------------------------------
const SAVED = {
  text: [(v) => v, (v) => v],
  type: [(v) => D.types[v][0], (v) => D.types.findIndex(([name]) => name === v)],
  modality: [(v) => D.modalities[v] ?? "any", (v) => D.modalities.indexOf(v)],
  told: [(v) => (v === FIRST ? "first" : D.tellings[v]), (v) => (v === "first" ? FIRST : D.tellings.indexOf(v))],
  sure: [(v) => v / 100, (v) => Math.round(v * 100) || 0],
  country: [(v) => D.countries[v][0], (v) => D.countries.findIndex(([code]) => code === v)],
  first: [iso, (v) => dayOf(v) || null],
  last: [iso, (v) => dayOf(v) || null],
  from: [(v) => D.countries[v][0], (v) => D.countries.findIndex(([code]) => code === v)],
  to: [(v) => D.countries[v][0], (v) => D.countries.findIndex(([code]) => code === v)],
  place: [(v) => D.places[v][0], (v) => D.places.findIndex(([name]) => name === v)],
  actor: [nameOf, (v) => D.entities.findIndex(([name]) => name === v)],
};
function remember() {
  const found = new URLSearchParams();
  for (const [name, [write]] of Object.entries(SAVED)) if (state[name] !== EMPTY[name] || name === "modality") found.set(name, write(state[name]));
  if (T.event) found.set("event", T.event);
  try {
    history.replaceState(null, "", "#" + found);
  } catch { /* an address that may not be changed, as in a preview */ }
}
function recall() {
  const found = new URLSearchParams(location.hash.slice(1));
  if (!found.size) firstShown();
  for (const [name, [, read]] of Object.entries(SAVED)) if (found.has(name)) state[name] = read(found.get(name));
  if (state.from < 0 || state.to < 0) state.from = state.to = -1;
}

// What is shown first; where there is none of it, all.
function firstShown() {
  const { modality, told, min_confidence } = D.first_shown;
  Object.assign(state, { modality: D.modalities.indexOf(modality[0]), told: told ? FIRST : ALL, sure: Math.round(min_confidence * 100) });
  compute();
  if (!fails.includes(0)) Object.assign(state, EMPTY);
}
function followLink() {
  const id = new URLSearchParams(location.hash.slice(1)).get("event");
  if (id && id !== T.event) openLinked(id);
}
async function openLinked(id) {
  $("trouble").hidden = true;
  if (await openEvent(id)) return;
  $("trouble").textContent = `This report holds no event ${id}; another one of the same data may.`;
  $("trouble").hidden = false;
}

async function start() {
  if (!("DecompressionStream" in window)) throw new Error("this browser is too old to unpack it (it lacks DecompressionStream)");
  [D, world] = await Promise.all([unpack("main"), unpack("world")]);
  N = D.type.length;
  fails = new Uint8Array(N);
  buildFilters();
  buildMap();
  buildTable();
  rove($("time"), ".bar", sideways);
  rove($("dyads"), ".cell", matrixStep);
  rove($("actors"), ".actor", sideways);
  for (const id of ["time", "dyads", "actors", "map"]) tips($(id));
  recall();
  listeners.push(listRows, () => redraw($("time"), drawTime), () => redraw($("dyads"), drawDyads), drawPair, drawPeriods, () => redraw($("actors"), drawActors), drawMap, () => redraw($("chips"), drawState));
  buildPeriods();
  const linked = new URLSearchParams(location.hash.slice(1)).get("event");
  update();
  if (linked) await openLinked(linked);
  addEventListener("hashchange", followLink);
  let width = innerWidth;
  addEventListener("resize", () => {
    if (width === innerWidth) return; // a phone's address bar came or went
    width = innerWidth;
    drawTime();
    drawDyads();
    drawMap();
  });
  document.documentElement.dataset.ready = Math.round(performance.now());
}
start().catch((error) => {
  $("trouble").textContent = `The report could not be drawn: ${error.message}.`;
  $("trouble").hidden = false;
});
