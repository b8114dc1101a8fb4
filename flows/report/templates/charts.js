// Events over time, the matrix of country pairs, the top actors.

function quadLine(counts) {
  return QUADS.map((name, q) => (counts[q] ? `${number(counts[q])} ${name}` : "")).filter(Boolean).join(", ");
}

// --- Time ----------------------------------------------------------------------------------------
const STEPS = [
  ["day", (d) => d, (d) => d + 1, (d) => iso(d)],
  ["week", (d) => d - ((d + 3) % 7 + 7) % 7, (d) => d + 7, (d) => `week of ${iso(d)}`],
  ["month", (d) => cut(d, 1), (d) => ahead(d, 1), (d) => iso(d).slice(0, 7)],
  ["quarter", (d) => cut(d, 3), (d) => ahead(d, 3), (d) => `${iso(d).slice(0, 4)} Q${Math.floor((+iso(d).slice(5, 7) + 2) / 3)}`],
  ["year", (d) => cut(d, 12), (d) => ahead(d, 12), (d) => iso(d).slice(0, 4)],
];
const SPANS = [1, 7, 30, 91, 365];
function cut(day, months) {
  const date = new Date(day * DAY);
  return Date.UTC(date.getUTCFullYear(), Math.floor(date.getUTCMonth() / months) * months, 1) / DAY;
}
function ahead(day, months) {
  const date = new Date(day * DAY);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / DAY;
}

// First and last day to draw: all of them, unless a few stray years would squeeze the rest.
function range(days) {
  const at = (share) => days[Math.min(days.length - 1, Math.floor(share * days.length))];
  let low = days[0], high = days[days.length - 1];
  const inner = Math.max(at(0.95) - at(0.05), 30);
  if (days.length > 20) {
    if (at(0.05) - low > inner) low = at(0.05) - Math.round(inner / 10);
    if (high - at(0.95) > inner) high = at(0.95) + Math.round(inner / 10);
  }
  return [state.first ?? low, state.last ?? high];
}

function drawTime() {
  const days = [];
  let undated = 0;
  each(0, (i) => (D.start[i] === null ? undated++ : days.push(D.start[i])));
  const sorted = Int32Array.from(days).sort();
  const root = $("time");
  root.replaceChildren();
  if (!sorted.length) {
    $("time-note").textContent = undated ? `${plural(undated, "event")} without a date` : "";
    root.append(make("p", { class: "soft empty" }, "No dated event matches."));
    return;
  }
  let [low, high] = range(sorted);
  low = Math.min(low, high);
  const width = Math.max(280, root.clientWidth), height = 190, left = 42, bottom = 24, top = 8;
  const most = Math.max(12, Math.min(80, Math.floor((width - left) / 12)));
  const step = SPANS.findIndex((span) => (high - low + 1) / span <= most);
  const [unit, floor, after, label] = STEPS[step < 0 ? 4 : step];
  const bins = [];
  for (let start = floor(low); start <= high && bins.length < 400; start = after(start)) {
    bins.push({ start, end: after(start) - 1, counts: [0, 0, 0, 0], total: 0 });
  }
  const first = bins[0].start, last = bins[bins.length - 1].end;
  let outside = 0, published = 0;
  each(0, (i) => {
    const day = D.start[i];
    if (day === null) return;
    if (D.methods[D.method[i]] === "publication") published++;
    if (day < first || day > last) { outside++; return; }
    let a = 0, b = bins.length - 1;
    while (a < b) { const m = (a + b) >> 1; if (bins[m].end < day) a = m + 1; else b = m; }
    bins[a].counts[quad(i) - 1]++;
    bins[a].total++;
  });
  $("time-note").textContent = [`by ${unit}, first day of each event`, outside ? `${number(outside)} earlier or later` : "",
    published ? `${number(published)} by the day they were published, for want of another` : "",
    undated ? `${number(undated)} undated` : ""].filter(Boolean).join(" · ");
  const max = Math.max(...bins.map((bin) => bin.total));
  const tick = nice(max / 3), ceiling = Math.max(tick, Math.ceil(max / tick) * tick);
  const y = (value) => top + (height - top - bottom) * (1 - value / ceiling);
  const pitch = Math.min((width - left) / bins.length, 56); // one day is no wall
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", height, role: "group", "aria-label": `Events by ${unit}; Enter on a bar keeps its dates` });
  for (let value = 0; value <= ceiling; value += tick) {
    svg.append(make("line", { x1: left, x2: width, y1: y(value), y2: y(value), class: "rule" }),
      make("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end", class: "axis" }, short(value)));
  }
  const every = Math.ceil((unit === "day" || unit === "week" ? 88 : 62) / pitch);
  bins.forEach((bin, index) => {
    const x = left + index * pitch, said = `${label(bin.start)}: ${plural(bin.total, "event")}${bin.total ? "; " + quadLine(bin.counts) : ""}`;
    const bar = make("g", { class: "bar", role: "button", tabindex: index ? -1 : 0, "aria-label": said, "data-tip": said, "data-key": bin.start,
      on: { click: () => setDates(bin.start, bin.end) } });
    bar.append(make("rect", { x, y: top, width: pitch, height: height - top - bottom, class: "hit" }));
    let sum = 0;
    bin.counts.forEach((count, q) => {
      if (!count) return;
      bar.append(make("rect", { x: x + Math.min(1, pitch / 8), width: Math.max(1, pitch - Math.min(2, pitch / 4)), y: y(sum + count), height: y(sum) - y(sum + count), class: `q${q + 1}` }));
      sum += count;
    });
    svg.append(bar);
    if (index % every === 0 && x + 62 < width + pitch) svg.append(make("text", { x, y: height - 6, class: "axis" }, label(bin.start).replace("week of ", "")));
  });
  root.append(svg);
}
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= value) || 1;
}
function setDates(first, last) {
  const same = state.first === first && state.last === last;
  set(same ? { first: null, last: null } : { first, last });
}

// --- Dyads -----------------------------------------------------------------------------------------
function drawDyads() {
  const root = $("dyads"), most = root.clientWidth < 460 ? 9 : 14;
  const pairs = new Map(), volume = new Map();
  const C = D.countries.length;
  each(DYAD, (i) => {
    for (const [a, b] of D.pairs[i]) {
      const key = a * C + b;
      const cell = pairs.get(key) || { n: 0, sum: 0, scored: 0, counts: [0, 0, 0, 0] };
      cell.n++;
      cell.counts[quad(i) - 1]++;
      if (D.goldstein[i] !== null) { cell.sum += D.goldstein[i] / 10; cell.scored++; }
      pairs.set(key, cell);
      volume.set(a, (volume.get(a) || 0) + 1);
      volume.set(b, (volume.get(b) || 0) + 1);
    }
  });
  const order = [...volume].sort((x, y) => y[1] - x[1] || D.countries[x[0]][1].localeCompare(D.countries[y[0]][1])).map(([c]) => c).slice(0, most);
  root.replaceChildren();
  $("dyad-note").textContent = order.length
    ? `Rows act, columns are acted on, pairs likelier than not: ${volume.size > most ? `the ${most} most active of ${number(volume.size)}` : plural(volume.size, "country").replace("countrys", "countries")}. A click keeps the pair and shows its sentences.`
    : "No event between two countries matches.";
  if (!order.length) return;
  const shade = $("dyad-shade").value, max = Math.max(...[...pairs.values()].map((cell) => cell.n));
  const table = make("table", { class: "matrix", role: "grid", "aria-label": "Events by acting and receiving country" });
  const head = make("tr", { role: "row" }, make("td", {}));
  order.forEach((b) => head.append(make("th", { scope: "col", title: D.countries[b][1] }, D.countries[b][0])));
  table.append(make("thead", {}, head));
  const body = make("tbody", {});
  let free = true;
  order.forEach((a) => {
    const row = make("tr", { role: "row" }, make("th", { scope: "row", title: D.countries[a][1] }, D.countries[a][0]));
    order.forEach((b) => {
      const cell = pairs.get(a * C + b);
      if (!cell) { row.append(make("td", { role: "gridcell", class: a === b ? "self" : "none" })); return; }
      const tone = cell.scored ? cell.sum / cell.scored : 0;
      const said = `${D.countries[a][1]} → ${D.countries[b][1]}: ${plural(cell.n, "event")}; ${quadLine(cell.counts)}; mean Goldstein ${signed(tone)}`;
      const share = shade === "count" ? 0.12 + 0.88 * Math.sqrt(cell.n / max) : Math.min(1, 0.1 + Math.abs(tone) / 8);
      const kind = shade === "count" ? "count" : tone < 0 ? "minus" : "plus";
      const td = make("td", { role: "gridcell" });
      const on = state.from === a && state.to === b;
      td.append(make("button", { type: "button", class: `cell ${kind}${share > 0.82 ? " strong" : ""}`, style: `--share:${Math.round(share * 100)}%`, tabindex: free ? 0 : -1,
        "aria-label": said, "aria-pressed": on, "data-tip": said, "data-key": `${a}-${b}`, on: { click: () => set(on ? { from: -1, to: -1 } : { from: a, to: b }) } },
        shade === "count" ? (cell.n > 999 ? `${(cell.n / 1000).toFixed(cell.n < 9950 ? 1 : 0)}k` : String(cell.n)) : signed(tone).replace(/\.\d/, "")));
      free = false;
      row.append(td);
    });
    body.append(row);
  });
  table.append(body);
  root.append(table);
}
// The sentences behind the chosen cell, the latest first.
const PAIR = 5;
let pairDrawn = "";
async function drawPair() {
  const root = $("pair"), list = [];
  if (state.from >= 0) each(0, (i) => list.push(i));
  const key = list.slice(0, PAIR).join() + list.length;
  if (key === pairDrawn) return;
  pairDrawn = key;
  root.replaceChildren();
  if (!list.length) return;
  const found = [], named = await articlesOf();
  for (const i of list.slice(0, PAIR)) {
    const [id, , reports] = (await blockOf(Math.floor(i / D.block)))[i % D.block];
    const [article, , , , pieces] = reports[0];
    const [, source, , day] = named[article];
    found.push(make("li", {}, quoteOf(pieces),
      make("p", { class: "soft" }, `${dateText(i)} · ${typeText(i)} · ${toldText(i)} · ${source}, ${day} · `, linkOf(id, "open"))));
  }
  if (key !== pairDrawn) return;
  root.append(make("ol", { class: "quotes" }, ...found));
  if (list.length > PAIR) root.append(make("p", { class: "soft" }, `${number(list.length - PAIR)} more in the table: `, make("a", { href: "#rows", on: { click: (event) => { event.preventDefault(); $("h-rows").scrollIntoView(); } } }, "all of them")));
}
// Arrow keys in the matrix: sideways to the next filled cell, up and down to the nearest column.
function matrixStep(key, index, items) {
  if (key === "ArrowLeft" || key === "ArrowRight") return sideways(key, index);
  if (key !== "ArrowUp" && key !== "ArrowDown") return undefined;
  const here = items[index].closest("td"), way = key === "ArrowDown" ? 1 : -1;
  const rows = [...here.closest("tbody").rows];
  for (let r = rows.indexOf(here.parentNode) + way; rows[r]; r += way) {
    const cells = [...rows[r].querySelectorAll("button")];
    if (cells.length) {
      const gap = (cell) => Math.abs(cell.closest("td").cellIndex - here.cellIndex);
      return items.indexOf(cells.reduce((best, cell) => (gap(cell) < gap(best) ? cell : best)));
    }
  }
  return undefined;
}

// --- Actors ----------------------------------------------------------------------------------------
function drawActors() {
  const kind = $("actor-kind").value, counts = new Map();
  each(ACTOR, (i) => {
    for (const actor of new Set([...D.initiator[i], ...D.recipient[i], ...D.participant[i]])) {
      if (kind && D.entities[actor][1] !== kind) continue;
      let quads = counts.get(actor);
      if (!quads) counts.set(actor, (quads = [0, 0, 0, 0, 0]));
      quads[quad(i) - 1]++;
      quads[4]++;
    }
  });
  const top = [...counts].sort((a, b) => b[1][4] - a[1][4] || nameOf(a[0]).localeCompare(nameOf(b[0]))).slice(0, 15);
  const root = $("actors"), max = top.length ? top[0][1][4] : 1;
  root.replaceChildren(...top.map(([actor, quads], index) => {
    const [name, type, country] = D.entities[actor], on = state.actor === actor;
    const said = `${name}, ${type}${country >= 0 ? ", " + D.countries[country][1] : ""}: ${plural(quads[4], "event")}; ${quadLine(quads)}`;
    const bar = make("span", { class: "meter" });
    for (let q = 0; q < 4; q++) if (quads[q]) bar.append(make("i", { class: `q${q + 1}`, style: `width:${(100 * quads[q]) / max}%` }));
    return make("li", {}, make("button", { type: "button", class: "actor", tabindex: index ? -1 : 0, "aria-label": said, "aria-pressed": on, "data-tip": said, "data-key": actor,
      on: { click: () => set({ actor: on ? -1 : actor }) } },
      make("span", { class: "name" }, name, country >= 0 && type !== "country" ? make("span", { class: "soft" }, ` ${D.countries[country][0]}`) : null), make("span", { class: "n" }, number(quads[4])), bar));
  }));
  if (!top.length) root.append(make("li", { class: "soft" }, "No actor matches."));
}
