// Data: the events by column and what can be said of one. Written by geomap/maps/data.py.
const data = JSON.parse(document.getElementById("geomap-data").textContent);
const events = data.events;
const total = events.type.length;
const PLACED = new Uint8Array(total);
// Where a mark stands, as a share of the square world of Web Mercator.
const worldX = new Float64Array(total);
const worldY = new Float64Array(total);
for (let i = 0; i < total; i += 1) {
  if (events.lon[i] === null) continue;
  PLACED[i] = 1;
  [worldX[i], worldY[i]] = toWorld(events.lon[i], events.lat[i]);
}
const groupOf = new Map();
for (const group of data.groups) for (const number of group.events) groupOf.set(number, group);

function toWorld(lon, lat) {
  const sine = Math.min(Math.max(Math.sin(lat * Math.PI / 180), -0.9999), 0.9999);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

function textOf(number) {
  return number < 0 ? null : data.texts[number];
}

function articleOf(i) {
  return data.articles[events.article[i]];
}

function typeWords(kind) {
  const row = data.types[kind];
  return sayOr(`type_${row.id}`, row.label);
}

function factOf(i) {
  return data.looks[events.fact[i]].id;
}

function factWords(number) {
  return say(`fact_${data.looks[number].id}`);
}

function whereOf(i) {
  return textOf(events.where[i]);
}

function sentenceOf(i) {
  const [start, end] = events.sentence[i];
  return articleOf(i).text.slice(start, end);
}

function nameText(article, name) {
  return article.text.slice(name[0], name[1]);
}

function titleOf(article) {
  return article.title || article.id;
}

function sourceOf(i) {
  const article = articleOf(i);
  return article.source || article.id;
}

function dateWords(i) {
  const [first, last] = [events.d0[i], events.d1[i]];
  if (first === null) return say("undated");
  const precision = textOf(events.precision[i]);
  const start = new Date(first * 864e5);
  if (precision === "month" && start.getUTCMonth() === new Date(last * 864e5).getUTCMonth()) {
    return new Intl.DateTimeFormat(language, { timeZone: "UTC", month: "long", year: "numeric" }).format(start);
  }
  return first === last ? dayWords(first) : `${dayWords(first)} – ${dayWords(last)}`;
}

// Who says so, in a few words.
function saidWords(i) {
  const said = events.said[i];
  if (!said) return say(factOf(i) === "asserted" ? "said_article" : "said_nobody");
  const [speaker, organisation, side] = said.map(textOf);
  const names = [speaker, organisation].filter(Boolean).join(", ");
  return (names || say("said_unnamed")) + (side ? ` (${side})` : "");
}

function eventWords(i) {
  const where = whereOf(i);
  return `${typeWords(events.type[i])}${where ? `: ${where}` : ""}`;
}

// Kilometres between two places, on a sphere: near enough to say what is near.
function distanceKm(lon, lat, otherLon, otherLat) {
  const rad = Math.PI / 180;
  const a = Math.sin((otherLat - lat) * rad / 2) ** 2 +
    Math.cos(lat * rad) * Math.cos(otherLat * rad) * Math.sin((otherLon - lon) * rad / 2) ** 2;
  return 12742 * Math.asin(Math.min(1, Math.sqrt(a)));
}
