// Places of events on an outline of the world, in the Equal Earth projection.

const MAP = { width: 1000, height: 460, x: 0, y: 0, k: 1, asked: false };
const MIDDLE = { x: 500, y: 230 };
let world = null;

function project(longitude, latitude) {
  const A = [1.340264, -0.081106, 0.000893, 0.003796], root3 = Math.sqrt(3);
  const t = Math.asin((root3 / 2) * Math.sin((latitude * Math.PI) / 180)), t2 = t * t, t6 = t2 * t2 * t2;
  const slope = A[0] + 3 * A[1] * t2 + t6 * (7 * A[2] + 9 * A[3] * t2);
  const x = (2 * root3 * ((longitude * Math.PI) / 180) * Math.cos(t)) / (3 * slope);
  const y = t * (A[0] + A[1] * t2 + t6 * (A[2] + A[3] * t2));
  return [500 + x * 184, 252 - y * 184];
}
function outline(lines, close) {
  return lines.map((line) => {
    let x = 0, y = 0;
    const points = [];
    for (let i = 0; i < line.length; i += 2) {
      x += line[i];
      y += line[i + 1];
      points.push(project(x / 10, y / 10).map((value) => value.toFixed(1)).join(" "));
    }
    return "M" + points.join("L") + (close ? "Z" : "");
  }).join("");
}

function buildMap() {
  const root = $("map");
  const svg = make("svg", { id: "map-svg", role: "group", "aria-label": "Places of events; Enter on a place keeps its events" },
    make("g", { id: "map-view" },
      make("path", { d: outline(world.land, true), class: "land" }),
      make("path", { d: outline(world.borders, false), class: "border" }),
      make("g", { id: "map-points" }),
      make("g", { id: "map-names", "aria-hidden": "true" })));
  root.append(svg);
  let from = null;
  svg.addEventListener("pointerdown", (event) => { from = [event.clientX, event.clientY, MAP.x, MAP.y, false]; });
  svg.addEventListener("pointermove", (event) => {
    if (!from) return;
    const unit = MAP.width / svg.clientWidth, dx = (event.clientX - from[0]) * unit, dy = (event.clientY - from[1]) * unit;
    if (!from[4] && Math.hypot(dx, dy) < 6) return;
    if (!from[4]) svg.setPointerCapture(event.pointerId);
    from[4] = true;
    MAP.x = from[2] + dx;
    MAP.y = from[3] + dy;
    MAP.asked = true;
    place();
  });
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { from = null; });
  const zoom = (factor) => {
    MAP.asked = true;
    const k = Math.max(1, Math.min(40, MAP.k * factor)), cx = MIDDLE.x, cy = MIDDLE.y;
    MAP.x = cx - ((cx - MAP.x) * k) / MAP.k;
    MAP.y = cy - ((cy - MAP.y) * k) / MAP.k;
    MAP.k = k;
    drawMap();
  };
  $("map-in").addEventListener("click", () => zoom(1.6));
  $("map-out").addEventListener("click", () => zoom(1 / 1.6));
  $("map-fit").addEventListener("click", () => { MAP.asked = false; drawMap(); });
  $("map-world").addEventListener("click", () => { Object.assign(MAP, { x: 0, y: 0, k: 1, asked: true }); drawMap(); });
  rove($("map-points"), ".point", sideways);
}
function place() {
  if (MAP.k <= 1) { MAP.x = 0; MAP.y = 0; }
  $("map-view").setAttribute("transform", `translate(${MAP.x.toFixed(2)} ${MAP.y.toFixed(2)}) scale(${MAP.k.toFixed(3)})`);
}
function fit(points) {
  if (!points.length) { Object.assign(MAP, { x: 0, y: 0, k: 1 }); return; }
  const xs = points.map((p) => p.x), ys = points.map((p) => p.y);
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const k = Math.max(1, Math.min(5, 0.86 / Math.max((x1 - x0) / MAP.width, (y1 - y0) / MAP.height, 0.02)));
  Object.assign(MAP, { k, x: MIDDLE.x - (k * (x0 + x1)) / 2, y: MIDDLE.y - (k * (y0 + y1)) / 2 });
}

function drawMap() {
  const counts = new Map();
  let all = 0, placed = 0;
  each(PLACE, (i) => {
    all++;
    const p = D.place[i];
    if (p < 0 || D.places[p][2] === null) return;
    placed++;
    let quads = counts.get(p);
    if (!quads) counts.set(p, (quads = [0, 0, 0, 0, 0]));
    quads[quad(i) - 1]++;
    quads[4]++;
  });
  const points = [...counts].map(([p, quads]) => {
    const [x, y] = project(D.places[p][3], D.places[p][2]);
    return { p, quads, x, y };
  }).sort((a, b) => b.quads[4] - a.quads[4]);
  const drawn = points.slice(0, 1500), max = drawn.length ? drawn[0].quads[4] : 1;
  $("map-note").textContent = `${number(placed)} of ${plural(all, "event")} name a place: ${plural(points.length, "place")}${points.length > 1500 ? ", the 1,500 most frequent drawn" : ""}.`;
  MAP.height = $("map").clientWidth < 600 ? 720 : 460; // taller on a phone
  $("map-svg").setAttribute("viewBox", `0 ${MIDDLE.y - MAP.height / 2} ${MAP.width} ${MAP.height}`);
  if (!MAP.asked) fit(points);
  // Screen units: the drawing is scaled to the width of the page, the points are not.
  const unit = MAP.width / Math.max(200, $("map").clientWidth);
  redraw($("map-points"), () => $("map-points").replaceChildren(...drawn.map(({ p, quads, x, y }, index) => {
    const [name, type, , , country] = D.places[p], on = state.place === p;
    const said = `${name}${country >= 0 && type !== "country" ? ", " + D.countries[country][1] : ""}: ${plural(quads[4], "event")}; ${quadLine(quads)}`;
    const most = quads.indexOf(Math.max(...quads.slice(0, 4))) + 1;
    return make("circle", { cx: x.toFixed(2), cy: y.toFixed(2), r: ((unit * (3.5 + (unit > 1.6 ? 8 : 13) * Math.sqrt(quads[4] / max) * (max > 1))) / MAP.k).toFixed(3), class: `point q${most}${on ? " on" : ""}`,
      role: "button", tabindex: index ? -1 : 0, "aria-label": said, "aria-pressed": on, "data-tip": said, "data-key": p,
      on: { click: () => set({ place: on ? -1 : p }) } });
  })));
  drawNames(drawn, max, unit);
  place();
}

// Names of the places with most events, as far as they find room.
const NAMED = 14;
function drawNames(points, max, unit) {
  const taken = [], names = [], size = 11.5 * unit;
  for (const { p, quads, x, y } of points.slice(0, 60)) {
    if (names.length >= NAMED) break;
    const radius = unit * (3.5 + (unit > 1.6 ? 8 : 13) * Math.sqrt(quads[4] / max) * (max > 1));
    const [name] = D.places[p], px = x * MAP.k, py = y * MAP.k;
    const wide = radius + (name.length * 0.56 + 0.6) * size, left = px + MAP.x + wide > MAP.width; // no room to the right
    const box = [left ? px - wide : px + radius, py - size / 2, left ? px - radius : px + wide, py + size / 2];
    if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
    if (points.some((other) => other.p !== p && other.quads[4] * 3 > quads[4] && other.x * MAP.k > box[0] && other.x * MAP.k < box[2] && Math.abs(other.y * MAP.k - py) < size / 2)) continue;
    taken.push(box);
    names.push(make("text", { x: (x + ((left ? -1 : 1) * (radius + 3 * unit)) / MAP.k).toFixed(2), "text-anchor": left ? "end" : "start", y: (y + (size * 0.35) / MAP.k).toFixed(2), "font-size": (size / MAP.k).toFixed(3), "stroke-width": ((3 * unit) / MAP.k).toFixed(3) }, name));
  }
  $("map-names").replaceChildren(...names);
}
