"use strict";
// One card at a time. Texts reach the page through textContent only, never as HTML.

const $ = (id) => document.getElementById(id);
const WORDS = JSON.parse($("vocabulary").textContent);
const SIDES = { initiators: "who did it", recipients: "to whom", both: "both together" };
const TOLD = { narrated: "by the outlet", attributed: "by somebody it names", claimed: "by a party to it", disputed: "and disputed by a party" };
const AS = { asserted: "as fact", planned: "as planned", possible: "as possible", alleged: "as alleged", denied: "as denied", negated: "as not happening" };
const DATED = { publication: "day of publication: no text tells it", inherited: "from elsewhere in the article", relative: "reckoned from the text", explicit: "as written", corrected: "corrected" };

let card = null; // what is shown
let skip = 0; // reports looked through
let said = {}; // field of the card → true, since it was shown
let written = []; // [decision id, words, report] of this visit, the last behind
const history_ = []; // reports shown before

function make(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === "on") for (const [event, action] of Object.entries(value)) node.addEventListener(event, action);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}
const tell = (text, kind) => { $("status").textContent = text; $("status").className = kind || ""; };

async function ask(path, values) {
  const answer = await fetch(`${path}?${new URLSearchParams(values)}`);
  const body = await answer.json().catch(() => ({ error: `${answer.status} ${answer.statusText}` }));
  if (body.error) throw new Error(body.error);
  return body;
}
async function post(values) {
  const answer = await fetch("decide", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(values) });
  const body = await answer.json().catch(() => ({ error: `${answer.status} ${answer.statusText}` }));
  if (body.error) throw new Error(body.error);
  return body;
}
async function decide(values, words) {
  const report = card.id;
  const done = await post({ report, ...values });
  written.push([done.id, words, report]);
  tell(`Written: ${words}`, "good");
}

// --- The card -------------------------------------------------------------------------------------
const names = (side) => {
  const found = new Map(card.parties.filter((party) => party.side === side).map((party) => [party.name + party.text, party]));
  return [...found.values()].map(partyText).join(", ");
};
// "members (United Kingdom)" for "members", "President Ruto (William Ruto)" for one told otherwise.
function partyText({ text, name }) {
  const bare = text.replace(/^(the|a|an) /i, "");
  return !name || name === text ? text : name.toLowerCase().includes(bare.toLowerCase()) ? name : `${text} (${name})`;
}
function fact(word, text, field) {
  return [make("dt", {}, word), make("dd", { class: said[field] ? "said" : null }, text)];
}
function draw() {
  const root = $("card");
  root.setAttribute("aria-busy", "false");
  root.replaceChildren();
  if (!card) {
    root.append(make("p", {}, "Nothing doubtful is left that is told as fact and not looked at."));
    return;
  }
  const whose = make("p", { class: "soft" }, [card.source, card.published].filter(Boolean).join(" · "));
  if (card.url) whose.append(" · ", make("a", { href: card.url, rel: "noreferrer noopener", target: "_blank" }, "the article"));
  const sentence = make("blockquote", {});
  for (const [text, marks] of card.parts) {
    sentence.append(marks.length ? make("mark", { class: marks.join(" "), title: marks.join(", ") }, text) : text);
  }
  const both = names("both");
  root.append(
    make("div", { class: "head" }, make("strong", {}, card.title || "Untitled"), make("span", { class: "soft" }, `confidence ${card.confidence.toFixed(2)}`)),
    whose,
    make("p", { class: "text" }, card.before + (card.before && !/\s$/.test(card.before) ? " " : ""), sentence, (card.after && !/^\s/.test(card.after) ? " " : "") + card.after),
    make("dl", {},
      ...fact("what", `${card.type} · “${card.trigger}”`, "type"),
      ...(both ? fact("together", both, "both") : []),
      ...(names("initiators") || !both ? fact("who did it", names("initiators") || "nobody told", "initiators") : []),
      ...(names("recipients") || !both ? fact("to whom", names("recipients") || "nobody told", "recipients") : []),
      ...fact("when", card.date ? `${card.date}${DATED[card.date_method] ? ` (${DATED[card.date_method]})` : ""}` : "not told", "date"),
      ...fact("where", card.place || "not told", "place"),
      ...fact("told", `${AS[card.modality] || card.modality}${TOLD[card.told] ? `, ${TOLD[card.told]}` : ""}${card.says ? `: ${card.says}` : ""}`, "modality")),
  );
}
async function next() {
  if (card) history_.push(card.id);
  const found = await ask("next", { skip });
  ({ card, skip } = found);
  said = {};
  draw();
}
async function show(report) {
  ({ card } = await ask("card", { report }));
  said = {};
  draw();
}

// --- The panel ------------------------------------------------------------------------------------
let save = null;
let before = null; // who had the focus
function panel(title, note, body, action, label) {
  $("panel-title").textContent = title;
  $("panel-note").textContent = note || "";
  $("panel-body").replaceChildren(...body);
  $("panel-error").hidden = true;
  $("panel-ok").hidden = !action;
  $("panel-ok").firstChild.textContent = `${label || "Save"} `;
  save = action;
  before = document.activeElement;
  $("panel").showModal();
  const first = $("panel-body").querySelector("input:checked, select, input");
  (first || $("panel-cancel")).focus();
  if (first && first.select && first.type === "text") first.select();
}
$("panel-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!save || !$("panel").open) return;
  try {
    await save();
    $("panel").close();
  } catch (error) {
    $("panel-error").textContent = error.message;
    $("panel-error").hidden = false;
  }
});
$("panel-cancel").addEventListener("click", () => $("panel").close());
// It is told of its closing late: by then another panel may be open.
$("panel").addEventListener("close", () => { if (!$("panel").open && before && before.isConnected) before.focus(); });
// Enter saves from lists and boxes as well, where the browser would only open or tick.
$("panel").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("select, input")) {
    event.preventDefault();
    $("panel-form").requestSubmit();
  }
});
const radio = (name, value, text, note, checked) =>
  make("label", {}, make("input", { type: "radio", name, value, checked }), " ", text, note ? make("span", { class: "soft" }, note) : null);
const chosen = (name) => $("panel-body").querySelector(`input[name=${name}]:checked`)?.value;

function choose(field, words, note) {
  const list = make("select", { size: Math.min(words.length, 16), "aria-label": field }, ...words.map((word) => make("option", { selected: word === card[field], value: word }, word)));
  panel(`Other ${field === "modality" ? "telling" : field}`, note, [make("label", { class: "field" }, "Type its first letters", list)], async () => {
    await decide({ say: field, [field]: list.value }, `${field} is ${list.value}`);
    card[field] = list.value;
    said[field] = true;
    draw();
  });
}
function parties() {
  const present = (side) => card.parties.filter((party) => party.side === side).map(spelt);
  const spelt = (party) => (party.start === undefined ? `^${party.name || party.text}` : party.text);
  let side = present("both").length ? "both" : "initiators";
  const boxes = make("div", { class: "choices" });
  const other = make("input", { type: "text", "aria-describedby": "panel-note" });
  const fill = () => {
    const held = present(side);
    const known = new Map(card.named.map((one) => [spelt(one), one]));
    boxes.replaceChildren(...[...known].map(([text, one]) => make("label", {},
      make("input", { type: "checkbox", name: "party", value: text, checked: held.includes(text) }), " ",
      text, one.name && one.name !== one.text ? make("span", { class: "soft" }, one.name) : null)));
    other.value = held.filter((text) => !known.has(text)).join("; ");
  };
  const sides = make("fieldset", {}, make("legend", {}, "Which side"), make("div", { class: "row" },
    ...Object.entries(SIDES).map(([name, words]) => radio("side", name, words, "", name === side))));
  sides.addEventListener("change", () => { side = chosen("side"); fill(); });
  fill();
  panel("Other party", "Tick all who are on this side. A ^ means: named elsewhere in the article.",
    [sides, boxes, make("label", { class: "field" }, "Other words of the sentence, with ; between", other)], async () => {
      const ticked = [...boxes.querySelectorAll(":checked")].map((box) => box.value);
      const typed = other.value.split(";").map((text) => text.trim()).filter(Boolean);
      const all = [...new Set([...ticked, ...typed])];
      await decide({ say: "party", side, parties: all }, `${SIDES[side]}: ${all.join(", ") || "nobody"}`);
      const known = new Map(card.named.map((one) => [spelt(one), one]));
      const kept = side === "both" && all.length ? [] : card.parties.filter((party) => party.side !== side);
      if (side !== "both" && all.length) {
        const across = side === "initiators" ? "recipients" : "initiators";
        for (const party of kept) if (party.side === "both") party.side = across;
      }
      const fresh = all.map((text) => ({ ...(known.get(text) || { text, name: text }), side }));
      card.parties = [...kept.filter((party) => !all.includes(spelt(party)) || party.side === "both"), ...fresh];
      said[side] = true;
      draw();
    });
}
function date() {
  const field = make("input", { type: "text", value: card.date, placeholder: "2026-01-31, 2026-01, 2026, 2026-01-30/2026-02-02" });
  panel("Other date", "A day, month or year, or two with a slash between; empty where the text does not tell.",
    [make("label", { class: "field" }, "When", field)], async () => {
      const text = field.value.trim();
      await decide({ say: "date", date: text, as: card.modality }, `date ${text || "is not told"}`);
      Object.assign(card, { date: text, date_method: "corrected" });
      said.date = true;
      draw();
    });
}
function place() {
  const field = make("input", { type: "text", value: card.place });
  const which = make("div", { class: "choices", hidden: true });
  let asked = 0;
  const look = async () => {
    const turn = ++asked;
    const found = field.value.trim() ? await ask("places", { text: field.value.trim() }) : [];
    if (turn !== asked) return;
    which.hidden = !found.length;
    which.replaceChildren(radio("place", "", "the one that Dateline takes", "", true), ...found.map((one) =>
      radio("place", one.place_id, [one.name, one.admin1, one.country].filter(Boolean).join(", "), one.type)));
  };
  field.addEventListener("change", look);
  panel("Other place", "As it is written in the article; empty where the text does not tell.",
    [make("label", { class: "field" }, "Where", field), which], async () => {
      const text = field.value.trim();
      await decide({ say: "place", place: text, place_id: chosen("place") || null }, `place ${text || "is not told"}`);
      card.place = text;
      said.place = true;
      draw();
    });
  look();
}
const listed = (found) => found.map((one, index) => radio("other", one.event_mention_id,
  `${one.event_type} · “${one.trigger_text}” · ${one.event_date || "no date"}`, `${one.sentence} (${[one.source, one.published].filter(Boolean).join(", ")})`, index === 0));
function searchable(label, fetch_, draw_, value) {
  const list = make("div", { class: "choices" });
  const field = make("input", { type: "text", value: value || "" });
  let asked = 0;
  const look = async () => {
    const turn = ++asked;
    const found = await fetch_(field.value.trim()).catch((error) => { tell(error.message, "bad"); return []; });
    if (turn === asked) list.replaceChildren(...(found.length ? draw_(found) : [make("p", { class: "empty" }, "None found.")]));
  };
  let timer = 0;
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 200); });
  look();
  return [make("label", { class: "field" }, label, field), list];
}
function same() {
  panel("Same event as", "This sentence and the chosen one tell of one event.",
    searchable("Words of the other sentence", (text) => ask("events", { report: card.id, text }), listed), async () => {
      if (!chosen("other")) throw new Error("choose one");
      await decide({ say: "same", other: chosen("other") }, "same event");
    });
}
async function apart() {
  const found = await ask("others", { report: card.id });
  if (!found.length) return tell("No other sentence is taken to tell of this event.", "bad");
  panel("Not the same as", "The chosen sentence tells of another event than this one.", [make("div", { class: "choices" }, ...listed(found))], async () => {
    await decide({ say: "apart", other: chosen("other") }, "not the same event");
  });
}
const distinct = () => {
  const found = new Map();
  for (const one of [...card.parties, ...card.named]) if (one.mention && !found.has(one.entity)) found.set(one.entity, one);
  return [...found.values()];
};
const whose = (name) => make("fieldset", {}, make("legend", {}, "Which entity"), make("div", { class: "choices" },
  ...distinct().map((one, index) => radio(name, String(index), one.name || one.text, one.name !== one.text ? `here “${one.text}”` : "", index === 0))));
function one() {
  const all = distinct();
  if (!all.length) return tell("Nobody is named in this article.", "bad");
  const which = whose("entity");
  const at = () => all[Number(chosen("entity") || 0)];
  const parts = searchable("Name of the other", (text) => ask("entities", { entity: at().entity, text }), (found) => found.map((item, index) =>
    radio("other", item.entity_id, item.name, [item.entity_type, item.country_code, `${item.mentions} mentions`].filter(Boolean).join(" · "), index === 0)), all[0].name);
  which.addEventListener("change", () => { const field = parts[0].querySelector("input"); field.value = at().name; field.dispatchEvent(new Event("input")); });
  panel("Two entities are one", "The one named here and the one chosen below.", [which, ...parts], async () => {
    if (!chosen("other")) throw new Error("choose the other one");
    await decide({ say: "one", mention: at().mention, entity: chosen("other") }, `${at().name} is one with the other`);
  });
}
function two() {
  const all = distinct();
  if (!all.length) return tell("Nobody is named in this article.", "bad");
  const name = make("input", { type: "text", placeholder: "e.g. John Smith (senator)" });
  panel("One entity is two", "Whoever bears this name in this article is somebody else than elsewhere.",
    [whose("entity"), make("label", { class: "field" }, "A name that tells the two apart", name)], async () => {
      const at = all[Number(chosen("entity") || 0)];
      await decide({ say: "two", mention: at.mention, name: name.value.trim() }, `${at.name} here is ${name.value.trim()}`);
    });
}
async function undo() {
  const last = written.pop();
  if (!last) return tell("Nothing of this visit is left to undo.", "bad");
  try {
    await post({ say: "undo", undoes: last[0] });
  } catch (error) {
    written.push(last);
    throw error;
  }
  skip = 0;
  await show(last[2]);
  tell(`Taken back: ${last[1]}`, "good");
}
async function back() {
  const report = history_.pop();
  if (report) await show(report);
}
const verdict = (say) => async () => { await decide({ say }, say); await next(); };

const ACTIONS = [
  ["r", "right, all of it", verdict("right"), "yes"], ["w", "wrong, no such event", verdict("wrong"), "no"],
  ["t", "other type", () => choose("type", WORDS.types, "Which act it is.")], ["p", "other party", parties],
  ["d", "other date", date], ["l", "other place", place],
  ["m", "told otherwise", () => choose("modality", WORDS.modalities, "As fact, as plan, …")],
  ["s", "same event as …", same], ["x", "not the same as …", apart],
  ["e", "two entities are one", one], ["v", "one entity is two", two],
  ["u", "undo", undo], ["n", "next", next], ["b", "back", back],
];
const FREE = ["n", "b", "u"]; // that need no card
async function act(action, key) {
  if (!card && !FREE.includes(key)) return;
  try {
    await action();
  } catch (error) {
    tell(error.message, "bad");
  }
}
$("keys").append(...ACTIONS.map(([key, words, action, kind]) =>
  make("button", { type: "button", class: kind, "aria-keyshortcuts": key, on: { click: () => act(action, key) } }, make("kbd", {}, key), words)));
document.addEventListener("keydown", (event) => {
  if ($("panel").open || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const found = ACTIONS.find(([key]) => key === event.key.toLowerCase());
  if (!found) return;
  event.preventDefault();
  act(found[2], found[0]);
});
act(next, "n").then(() => document.body.setAttribute("data-ready", ""));
