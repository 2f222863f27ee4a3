// Evidence: what is drawn for an event and on what grounds: type, places, date, who says so,
// the sentence with its words marked, the source, and the other reports of the event.
const MOST_CHARACTERS = 1200;

function evidenceOf(i) {
  const article = articleOf(i);
  const rows = [
    ["where", placeRows(i)],
    ["when", whenWords(i)],
    ["who_says_so", saidLine(i)],
    ["factuality", [strokeOf(events.fact[i]), " ", make("b", {}, factWords(events.fact[i])), ": ", say(`means_${factOf(i)}`)]],
    ["actors", actorLine(i)],
    ["weapon", textOf(events.weapon[i])],
    ["counts", countLine(i)],
    ["confidence", [`${Math.round(events.confidence[i] * 100)} %`, reasonOf(events.reason[i])]],
    ["uncertainty", events.uncertainty[i] === null ? null : say("within_km", { km: numberWords(events.uncertainty[i], 1) })],
    ["source", sourceLine(article)],
  ];
  const subtype = textOf(events.subtype[i]);
  return make("article", { class: "geomap-evidence", "data-event": i },
    make("h3", {}, signOf(events.type[i]), " ", typeWords(events.type[i]), subtype ? make("small", {}, ` ${subtype}`) : null),
    make("blockquote", { lang: article.language }, sentenceNodes(i)),
    make("p", { class: "row" }, button(say("read_in_text"), () => Reader.show(i, true), { class: "plain" })),
    make("dl", {}, rows.filter((row) => row[1] !== null).map(([key, value]) => [make("dt", {}, say(key)), make("dd", {}, value)])),
    groupLines(i));
}

function reasonOf(number) {
  const reason = textOf(number);
  return reason ? make("small", { lang: "en" }, ` · ${reason}`) : null;
}

// The sentence as text and marks; places as names that were found in it.
function sentenceNodes(i) {
  const [start, end] = events.sentence[i];
  const article = articleOf(i);
  const marks = events.places[i].map(([, name]) => [...article.names[name].slice(0, 2), "place"]);
  marks.push([...events.trigger[i], "trigger"]);
  const nodes = [];
  let done = start;
  for (const [from, to, kind] of marks.sort((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (from < done || to > end || from >= to) continue;
    nodes.push(article.text.slice(done, from), make("mark", { class: kind }, article.text.slice(from, to)));
    done = to;
  }
  const rest = article.text.slice(done, end);
  // Longer than this it is a list or a table, no sentence.
  const most = Math.max(0, MOST_CHARACTERS - (done - start));
  nodes.push(rest.length > most ? `${rest.slice(0, most)}…` : rest);
  return nodes;
}

function placeRows(i) {
  const rows = events.places[i];
  if (!rows.length) return whereOf(i) || say("no_place_in_text");
  const article = articleOf(i);
  const phrase = whereOf(i);
  const items = rows.map(([role, name]) => make("li", {}, make("em", {}, sayOr(`role_${textOf(role)}`, textOf(role))), " ", nameWords(article, article.names[name])));
  const told = events.places[i].some(([, name]) => phrase && phrase.includes(placeWords(article, article.names[name])));
  return [told || !phrase ? null : make("p", {}, phrase), make("ul", {}, items)];
}

function placeWords(article, name) {
  return name[2] < 0 ? nameText(article, name) : textOf(data.places[name[2]][0]);
}

// The modern name, the text's own spelling when it differs, and where that is.
function nameWords(article, name) {
  const spelled = nameText(article, name);
  if (name[2] < 0) return `“${spelled}” (${say("not_found")})`;
  const [modern, country, region] = data.places[name[2]].slice(0, 3).map(textOf);
  const differs = modern.toLocaleLowerCase() !== spelled.toLocaleLowerCase();
  const about = [region === modern ? null : region, country].filter(Boolean).join(", ");
  return [make("b", {}, modern), differs ? ` (${say("spelled", { name: spelled })})` : "", about ? `, ${about}` : ""];
}

function whenWords(i) {
  if (events.d0[i] === null) return say("undated");
  const said = textOf(events.dateText[i]);
  const precision = textOf(events.precision[i]);
  return [make("b", {}, dateWords(i)), precision && precision !== "unknown" ? ` · ${sayOr(`precision_${precision}`, precision)}` : "",
    said ? ` · ${say("spelled", { name: said })}` : ""];
}

function saidLine(i) {
  const verb = events.said[i] ? textOf(events.said[i][3]) : null;
  return [make("b", {}, saidWords(i)), verb ? `: “${verb}”` : ""];
}

function actorLine(i) {
  const rows = events.actors[i].map(([role, name, side]) => {
    const how = textOf(role);
    return `${how ? `${sayOr(`role_${how}`, how)} ` : ""}${textOf(name)}${side >= 0 ? ` (${textOf(side)})` : ""}`;
  });
  return rows.length ? rows.join("; ") : null;
}

function countLine(i) {
  const rows = Object.entries(events.counts[i] || {});
  return rows.length ? rows.map(([name, count]) => `${sayOr(`count_${name}`, name)} ${numberWords(count)}`).join(", ") : null;
}

function sourceLine(article) {
  const parts = [article.title, article.source, article.published ? dayWords(dayOf(article.published)) : null].filter(Boolean);
  const nodes = [parts.join(" · ") || article.id];
  if (article.link) {
    // Checked in Python: http or https and nothing else.
    nodes.push(" · ", make("a", { href: article.link, rel: "noopener noreferrer nofollow", target: "_blank" }, say("open_source")));
  } else if (article.address) nodes.push(` · ${article.address} (${say("no_link")})`);
  return nodes;
}

// All claims of an event that several articles report.
function groupLines(i) {
  const group = groupOf.get(i);
  if (!group) return null;
  const rows = group.events.map((other) => make("li", {}, markOf(events.type[other], events.fact[other], 22), " ",
    other === i ? make("b", {}, say("this_report")) : button(titleOf(articleOf(other)), () => Shown.open(other), { class: "plain" }),
    `: ${factWords(events.fact[other])}, ${saidWords(other)}`));
  return make("section", { class: "reports" },
    make("h4", {}, say("all_reports", { n: group.events.length, m: group.independent })), make("ul", {}, rows), reasonOf(group.reason));
}

// A place that texts name: its spellings and the events at it.
function evidenceOfPlace(number) {
  const [name, country, region] = data.places[number].slice(0, 3).map(textOf);
  const { spellings, mentions } = Names.of(number);
  const here = Names.eventsAt(number);
  return make("article", { class: "geomap-evidence" }, make("h3", {}, name),
    make("p", {}, [region === name ? null : region, country].filter(Boolean).join(", ")),
    make("p", {}, say("named_times", { n: numberWords(mentions) }), ": ", spellings.map((one) => `“${one}”`).join(", ")),
    here.length ? eventButtons(here) : make("p", {}, say("no_event_here")),
    make("p", { class: "row" }, button(say("search_near", { km: NEAR_KM }), () => Filters.set({ query: name }), { class: "plain" })));
}

const MOST_IN_POPUP = 50;
function eventButtons(numbers) {
  const more = numbers.length - MOST_IN_POPUP;
  return [make("ul", { class: "events" }, numbers.slice(0, MOST_IN_POPUP).map((i) => make("li", {}, button(
    [markOf(events.type[i], events.fact[i], 22), ` ${eventWords(i)} · ${dateWords(i)}`], () => Shown.open(i), { class: "plain" })))),
  more > 0 ? make("p", {}, say("and_more", { n: numberWords(more) })) : null];
}
