// Two periods side by side: events of each type or country pair, and a hundred articles read.

const PERIODS = { a: [null, null], b: [null, null] };
const LINES = 12;

const FEW = 30; // articles below which a rate says little

// At first the days shown, cut where each side has half of the articles read.
function buildPeriods() {
  const days = [];
  each(0, (i) => { if (D.start[i] !== null) days.push(D.start[i]); });
  if (!days.length) for (const [day] of D.read) days.push(day);
  const [low, high] = days.length ? range(Int32Array.from(days).sort()) : [0, 0];
  const all = readIn([low, high]);
  let cut = Math.max(low, high - Math.ceil((high - low + 1) / 2)), least = all, sum = 0;
  for (const [day, count] of [...D.read].sort((a, b) => a[0] - b[0])) {
    if (day < low || day >= high) continue;
    sum += count;
    if (Math.abs(2 * sum - all) < least) [cut, least] = [day, Math.abs(2 * sum - all)];
  }
  PERIODS.a = low < high ? [low, cut] : [low - 1, low - 1];
  PERIODS.b = low < high ? [cut + 1, high] : [high, high];
  for (const [name, days] of Object.entries(PERIODS)) {
    days.forEach((day, end) => {
      const input = $(`p-${name}${end + 1}`);
      input.value = iso(day);
      input.addEventListener("change", () => {
        const asked = dayOf(input.value);
        if (asked !== null) PERIODS[name][end] = asked;
        drawPeriods();
      });
    });
  }
  $("p-by").addEventListener("change", drawPeriods);
}
const inPeriod = (i, [first, last]) => D.start[i] !== null && D.start[i] <= last && D.start[i] + D.days[i] >= first;
const readIn = ([first, last]) => D.read.reduce((sum, [day, count]) => sum + (day >= first && day <= last ? count : 0), 0);

function drawPeriods() {
  const root = $("periods"), counts = new Map(), by = $("p-by").value, C = D.countries.length;
  const add = (key, side) => {
    if (!counts.has(key)) counts.set(key, [0, 0]);
    counts.get(key)[side]++;
  };
  const keysOf = (i) => {
    if (by === "type") return [D.type[i]];
    return D.pairs[i].map(([a, b]) => a * C + b);
  };
  each(0, (i) => [PERIODS.a, PERIODS.b].forEach((days, side) => {
    if (inPeriod(i, days)) {
      keysOf(i).forEach((key) => add(key, side));
      add(-1, side);
    }
  }));
  const read = [readIn(PERIODS.a), readIn(PERIODS.b)];
  const bad = [PERIODS.a, PERIODS.b].some(([first, last]) => first > last);
  $("periods-note").textContent = bad ? "A period ends before it begins."
    : `${plural(read[0], "article")} read before, ${number(read[1])} after${Math.min(...read) < FEW ? ": few, so rates are rough" : ""}`;
  root.replaceChildren();
  if (bad) return;
  const rate = (n, side) => (read[side] ? (100 * n) / read[side] : null);
  const rateText = (value) => (value === null ? "–" : value >= 100 ? number(Math.round(value)) : value.toFixed(1));
  const changeText = ([a, b]) => {
    const before = rate(a, 0), after = rate(b, 1);
    if (before === null || after === null) return `${b >= a ? "+" : "−"}${number(Math.abs(b - a))}`;
    if (!a) return b ? "new" : "–";
    if (!b) return "none";
    const percent = Math.round(100 * (after / before - 1));
    return percent >= 900 ? `× ${number(Math.round(after / before))}` : `${percent < 0 ? "−" : percent ? "+" : ""}${Math.abs(percent)}%`;
  };
  const label = (key) => (key < 0 ? "all events" : by === "type" ? D.types[key][0].toLowerCase() : `${D.countries[Math.floor(key / C)][1]} → ${D.countries[key % C][1]}`);
  const moved = ([, [a, b]]) => Math.abs((rate(b, 1) ?? b) - (rate(a, 0) ?? a));
  const list = [...counts].filter(([key]) => key >= 0).sort((x, y) => moved(y) - moved(x) || x[0] - y[0]);
  if (!list.length) { root.append(make("p", { class: "soft empty" }, "No dated event of either period matches.")); return; }
  const most = Math.max(...list.slice(0, LINES).flatMap(([, pair]) => pair.map((n, side) => rate(n, side) ?? n)));
  const bars = ([key, pair]) => make("td", { class: "bars", "aria-hidden": true }, ...(key < 0 ? [] : pair.map((n, side) =>
    make("i", { class: side ? `q${by === "type" ? D.types[key][1] : 2}` : "was", style: `width:max(${n ? 1 : 0}px, ${(100 * (rate(n, side) ?? n)) / most}%)` }))));
  const row = ([key, pair]) => make("tr", { class: key < 0 ? "sum" : null }, make("th", { scope: "row" }, key >= 0 && by === "type" ? make("i", { class: `dot q${D.types[key][1]}` }) : null, label(key)),
    ...pair.flatMap((n, side) => [make("td", { class: "n" }, number(n)), make("td", { class: "n soft" }, rateText(rate(n, side)))]), make("td", { class: "n" }, changeText(pair)), bars([key, pair]));
  const head = make("tr", {}, make("th", {}), ...["before", "per 100", "after", "per 100", "change"].map((name) => make("th", { scope: "col", class: "n" }, name)),
    make("td", { class: "bars" }, "events per 100 articles read: before, and after in colour"));
  root.append(make("table", { class: "compared" }, make("thead", {}, head), make("tbody", {}, row([-1, counts.get(-1)]), ...list.slice(0, LINES).map(row))));
  if (list.length > LINES) root.append(make("p", { class: "soft" }, `The ${LINES} that changed most of ${number(list.length)}.`));
}
