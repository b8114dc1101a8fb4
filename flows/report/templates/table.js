// The table of events: only the rows in sight are in the page. One event at a time is open.

const SORTS = [
  ["latest first", (a, b) => (D.start[b] ?? -1e9) - (D.start[a] ?? -1e9) || a - b],
  ["earliest first", (a, b) => (D.start[a] ?? 1e9) - (D.start[b] ?? 1e9) || a - b],
  ["most sources", (a, b) => D.sources[b] - D.sources[a] || D.mentions[b] - D.mentions[a] || a - b],
  ["surest", (a, b) => D.confidence[b] - D.confidence[a] || a - b],
  ["least sure", (a, b) => D.confidence[a] - D.confidence[b] || a - b],
];
const T = { active: 0, open: -1, height: 40, extra: 0, focus: false, event: "" };

function listRows() {
  const found = [];
  each(0, (i) => found.push(i));
  shown = Int32Array.from(found);
  // The columns already stand latest first.
  if (+$("sort").value) shown.sort(SORTS[+$("sort").value][1]);
  T.active = 0;
  T.open = -1;
  T.extra = 0;
  $("rows").setAttribute("aria-rowcount", shown.length + 1);
  $("scroll").scrollTop = 0;
  $("pad").replaceChildren();
  if (!shown.length) $("pad").append(make("p", { class: "soft empty" }, "No event matches."));
  drawRows();
}
const openAt = () => (T.open < 0 ? Infinity : T.open);
const topOf = (at) => at * T.height + (at > openAt() ? T.extra : 0);

function drawRows() {
  if (!shown.length) { $("pad").style.height = "3rem"; return; }
  const scroll = $("scroll"), pad = $("pad");
  pad.style.height = topOf(shown.length - 1) + T.height + (T.open === shown.length - 1 ? T.extra : 0) + "px";
  const from = (y) => Math.floor((y > (openAt() + 1) * T.height ? Math.max((openAt() + 1) * T.height, y - T.extra) : y) / T.height);
  const first = Math.max(0, from(scroll.scrollTop) - 6), last = Math.min(shown.length - 1, from(scroll.scrollTop + scroll.clientHeight) + 6);
  const wanted = new Set([T.active]); // the row with the focus stays, wherever it is
  for (let at = first; at <= last; at++) wanted.add(at);
  const have = new Map();
  for (const node of [...pad.querySelectorAll(":scope > .row")]) {
    const at = +node.dataset.at;
    if (wanted.has(at)) have.set(at, node);
    else node.remove();
  }
  for (const at of [...wanted].sort((a, b) => a - b)) {
    let node = have.get(at);
    if (!node) pad.append((node = rowOf(at)));
    node.style.transform = `translateY(${topOf(at)}px)`;
    node.setAttribute("tabindex", at === T.active ? 0 : -1);
    node.setAttribute("aria-expanded", at === T.open);
  }
  const detail = $("detail");
  if (detail) detail.style.transform = `translateY(${(T.open + 1) * T.height}px)`;
}
function rowOf(at) {
  const i = shown[at], modality = D.modalities[D.modality[i]];
  const whole = { who: partiesText(i), told: toldText(i), when: D.methods[D.method[i]] === "publication" ? "dated by its publication, for want of another day" : null };
  const cell = (text, kind) => make("span", { role: "gridcell", class: kind, title: whole[kind] }, text);
  return make("div", { class: `row m-${modality}`, role: "row", "data-at": at, "data-key": i, "aria-rowindex": at + 2, "aria-expanded": false, tabindex: -1 },
    cell(dateText(i), "when"),
    make("span", { role: "gridcell", class: "what" }, make("i", { class: `dot q${quad(i)}`, title: QUADS[quad(i) - 1] }), typeText(i)),
    cell(partiesText(i), "who"), cell(placeText(i), "where"),
    cell(toldText(i), "told"), cell(String(D.sources[i]), "n sources"), cell((D.confidence[i] / 100).toFixed(2), "n sure"));
}

async function toggle(at) {
  $("detail")?.remove();
  const opening = at !== T.open;
  T.open = opening ? at : -1;
  T.extra = 0;
  if (opening) {
    const i = shown[at];
    const detail = make("div", { id: "detail", role: "row", "aria-label": "Sentences of the event above" }, make("div", { role: "gridcell" }, make("p", { class: "soft" }, "…")));
    $("pad").append(detail);
    new ResizeObserver(() => {
      if (!detail.isConnected) return;
      T.extra = detail.offsetHeight;
      drawRows();
    }).observe(detail);
    const [block, list] = await Promise.all([blockOf(Math.floor(i / D.block)), articlesOf()]);
    if (detail.isConnected) T.event = block[i % D.block][0];
    remember();
    if (detail.isConnected) detail.firstChild.replaceChildren(...evidence(i, block[i % D.block], list));
    requestAnimationFrame(() => {
      if (detail.isConnected && detail.offsetHeight < $("scroll").clientHeight) detail.scrollIntoView({ block: "nearest" });
    });
  }
  else {
    T.event = "";
    remember();
  }
  drawRows();
}
// An event by its id, whatever is filtered; false where the report does not hold it.
async function openEvent(id) {
  for (let b = 0; b < blockCount(); b++) {
    const k = (await blockOf(b)).findIndex(([other]) => other === id);
    if (k < 0) continue;
    const i = b * D.block + k;
    if (shown.indexOf(i) < 0) set(EMPTY);
    const at = shown.indexOf(i);
    $("scroll").scrollTop = topOf(at);
    move(at);
    if (T.open !== at) await toggle(at);
    $("h-rows").scrollIntoView();
    return true;
  }
  return false;
}
const linkOf = (id, text) => make("a", { href: `#event=${id}`, class: "permalink" }, text);
function quoteOf(pieces) {
  const quote = make("blockquote", {});
  for (const piece of pieces) {
    if (Array.isArray(piece)) quote.append(make("mark", { class: piece[0], title: MARKS[piece[0]] }, piece[1]));
    else quote.append(piece);
  }
  return quote;
}

const MARKS = { t: "trigger", i: "initiator", r: "recipient", p: "participant" };
function evidence(i, [id, count, reports], list) {
  const parts = reports.map(([article, modality, confidence, speaker, pieces, parties, told]) => {
    const [title, source, url, day] = list[article];
    const quote = quoteOf(pieces);
    const said = make("p", { class: "soft" });
    said.append(`Told ${TOLD[modality] || modality} · confidence ${(confidence / 100).toFixed(2)}`, told ? ` · ${TELLERS[told] || told}` : "", speaker ? ` · according to ${speaker}` : "", ` · ${source}, ${day}`);
    if (title || url) {
      const safe = /^https?:\/\//i.test(url || "");
      said.append(" · ", safe ? make("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, title || url) : title || url);
    }
    const who = make("ul", { class: "parties" });
    for (const [mark, name, text] of parties) {
      who.append(make("li", {}, make("mark", { class: mark }, MARKS[mark]), ` ${name}`, text && text !== name ? make("span", { class: "soft" }, ` (“${text}”)`) : null));
    }
    return make("article", {}, quote, parties.length ? who : null, said);
  });
  const facts = [D.date[i] || D.start[i] !== null ? `Date ${dateText(i)}, ${D.methods[D.method[i]] === "publication" ? "taken from publication: no text dates it" : `exact to the ${D.precisions[D.precision[i]]}`}` : "Undated",
    `${plural(D.mentions[i], "report")} in ${plural(D.sources[i], "source")}`, QUADS[quad(i) - 1],
    D.goldstein[i] === null ? "" : `Goldstein ${signed(D.goldstein[i] / 10)}`].filter(Boolean).join(" · ");
  const more = count > reports.length ? `${plural(count - reports.length, "more report")}: ` : "All columns: ";
  const command = make("p", { class: "soft" }, linkOf(id, "Link to this event"), " · ", more, make("code", {}, `dateline query "FROM evidence('${id}')"`));
  return [make("p", { class: "facts" }, facts), ...parts, command];
}

// --- Paper and files ----------------------------------------------------------------------------
const PRINTED = 300;
function paper() {
  $("paper")?.remove();
  const table = make("table", { id: "paper" }, make("thead", {}, make("tr", {}, ...["Date", "Type", "Who → whom", "Where", "Told as", "Sources", "Conf."].map((name) => make("th", {}, name)))));
  const body = make("tbody", {});
  for (const i of shown.slice(0, PRINTED)) {
    body.append(make("tr", {}, ...[dateText(i), typeText(i), partiesText(i), placeText(i), toldText(i), String(D.sources[i]), (D.confidence[i] / 100).toFixed(2)].map((text) => make("td", {}, text))));
  }
  table.append(body);
  if (shown.length > PRINTED) table.append(make("caption", {}, `The first ${number(PRINTED)} of ${plural(shown.length, "event")}`));
  $("rows").after(table);
}

const CSV = ["event_id", "event_date", "event_type", "event_mode", "modality", "told", "attributed_to", "date_method", "initiators", "recipients", "participants", "place", "country_code", "goldstein", "source_count", "mention_count", "confidence", "sentence", "title", "source", "url", "published_on"];
const cellText = (value) => {
  let text = value === null || value === undefined ? "" : String(value);
  if (/^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) && !/^[+-]?[0-9]+([.,][0-9]+)*$/.test(text)) text = `'${text}`; // a spreadsheet would run it
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
async function save() {
  const button = $("save"), label = button.textContent;
  button.disabled = true;
  button.textContent = "Saving…";
  try { await writeCsv(); } finally {
    button.disabled = false;
    button.textContent = label;
  }
}
async function writeCsv() {
  const list = await articlesOf(), lines = [CSV.join(",")];
  for (const i of shown) {
    const [id, , reports] = (await blockOf(Math.floor(i / D.block)))[i % D.block];
    const [article, , , , pieces] = reports[0] || [];
    const [title, source, url, day] = article === undefined ? [] : list[article];
    lines.push([id, edtf(i), D.types[D.type[i]][0], D.mode[i] >= 0 ? D.modes[D.mode[i]] : "", D.modalities[D.modality[i]], D.tellings[D.told[i]] ?? "", speakerOf(i), D.methods[D.method[i]] ?? "",
      ...["initiator", "recipient", "participant"].map((role) => D[role][i].map(nameOf).join("; ")),
      D.place[i] >= 0 ? D.places[D.place[i]][0] : "", D.country[i] >= 0 ? D.countries[D.country[i]][0] : "",
      D.goldstein[i] === null ? "" : D.goldstein[i] / 10, D.sources[i], D.mentions[i], D.confidence[i] / 100,
      (pieces || []).map((piece) => (Array.isArray(piece) ? piece[1] : piece)).join(""), title, source, url, day].map(cellText).join(","));
  }
  const link = make("a", { href: URL.createObjectURL(new Blob([lines.join("\n") + "\n"], { type: "text/csv" })), download: "events.csv" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function buildTable() {
  const scroll = $("scroll"), pad = $("pad");
  const measure = () => {
    T.height = parseFloat(getComputedStyle($("rows")).getPropertyValue("--row")) || 40;
    $("rows").style.setProperty("--bar", scroll.offsetWidth - scroll.clientWidth + "px"); // the head keeps clear of the scroll bar
  };
  measure();
  $("save").addEventListener("click", save);
  addEventListener("beforeprint", paper);
  addEventListener("afterprint", () => $("paper")?.remove());
  let waiting = false;
  scroll.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; drawRows(); });
  });
  new ResizeObserver(() => {
    measure();
    drawRows();
  }).observe(scroll);
  pad.addEventListener("click", (event) => {
    const row = event.target.closest("#pad > .row");
    if (!row) return;
    move(+row.dataset.at);
    toggle(T.active);
  });
  pad.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && T.open >= 0) {
      const at = T.open;
      toggle(at);
      move(at);
      return;
    }
    if (!event.target.matches("#pad > .row")) return;
    const step = Math.max(1, Math.floor(scroll.clientHeight / T.height) - 1), end = shown.length - 1;
    const next = { ArrowDown: T.active + 1, ArrowUp: T.active - 1, PageDown: T.active + step, PageUp: T.active - step, Home: 0, End: end }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      move(Math.max(0, Math.min(end, next)));
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      toggle(T.active);
    }
  });
}
// Make `at` the row with the focus and bring it into sight.
function move(at) {
  const scroll = $("scroll");
  T.active = at;
  const top = topOf(at);
  if (top < scroll.scrollTop) scroll.scrollTop = top;
  else if (top + T.height > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = top + T.height - scroll.clientHeight;
  drawRows();
  $("pad").querySelector(`:scope > .row[data-at="${at}"]`)?.focus({ preventScroll: true });
}
