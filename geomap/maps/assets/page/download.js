// Download: what is shown as GeoJSON or CSV, made in the page and saved by the browser.
const CSV_COLUMNS = [
  "id", "type", "subtype", "where", "date_start", "date_end", "factuality", "speaker", "organisation", "side",
  "actors", "weapon", "confidence", "uncertainty_km", "sentence", "reason", "title", "source", "url", "published",
  "lon", "lat",
];

function recordOf(i) {
  const article = articleOf(i);
  const [speaker, organisation, side] = events.said[i] ? events.said[i].map(textOf) : [null, null, null];
  const day = (number) => (number === null ? null : isoDay(number));
  return {
    id: textOf(events.id[i]), type: data.types[events.type[i]].id, subtype: textOf(events.subtype[i]), where: whereOf(i),
    date_start: day(events.d0[i]), date_end: day(events.d1[i]), factuality: factOf(i), speaker, organisation, side,
    actors: actorLine(i), weapon: textOf(events.weapon[i]), confidence: events.confidence[i],
    uncertainty_km: events.uncertainty[i], sentence: sentenceOf(i), reason: textOf(events.reason[i]),
    title: article.title || null, source: article.source || null, url: article.link || null, published: article.published || null,
  };
}

function shownRows() {
  return [...Filters.drawn, ...Filters.listed.filter((i) => !PLACED[i])];
}

function asGeoJson() {
  const features = shownRows().map((i) => ({
    type: "Feature", properties: recordOf(i),
    geometry: !PLACED[i] ? null : events.shape[i] >= 0 ? data.shapes[events.shape[i]]
      : { type: "Point", coordinates: [events.lon[i], events.lat[i]] },
  }));
  return JSON.stringify({ type: "FeatureCollection", features });
}

// A spreadsheet runs what begins like a formula: such a text gets an apostrophe before it
// (https://owasp.org/www-community/attacks/CSV_Injection). Numbers stay numbers.
function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[\s]*[=+\-@\t\r\n|%＝＋－＠]/.test(value) ? `'${value}` : value;
  return `"${safe.replace(/"/g, '""')}"`;
}

function asCsv() {
  const rows = shownRows().map((i) => {
    const record = { ...recordOf(i), lon: events.lon[i], lat: events.lat[i] };
    return CSV_COLUMNS.map((name) => csvCell(record[name])).join(",");
  });
  // The mark at the start tells spreadsheets that it is UTF-8.
  return `\ufeff${CSV_COLUMNS.join(",")}\r\n${rows.join("\r\n")}\r\n`;
}

function save(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

// Copy the address of this view; where the browser forbids it, offer it to be copied by hand.
function copyLink(status) {
  Fragment.write(Filters.state, Shown.map);
  const address = location.href.split("#")[0] + Fragment.own;
  const byHand = () => {
    const field = make("input", { class: "link", readonly: true, "aria-label": say("link") });
    field.value = address;
    fill(status, say("copy_by_hand"), field);
    field.select();
  };
  if (!navigator.clipboard) byHand();
  else navigator.clipboard.writeText(address).then(() => fill(status, say("link_copied")), byHand);
}
