// Filters: which events are shown, and the controls that say so.
const NEAR_KM = 30;
const Filters = {
  state: null,
  // Numbers of events: on the map; to be listed only (no place, or denied and not asked for).
  drawn: [],
  listed: [],
  near: [],
  watchers: [],

  usualFacts() {
    const facts = new Set(data.looks.keys());
    if (!data.negated) data.looks.forEach((look, number) => { if (this.isDenial(number)) facts.delete(number); });
    return facts;
  },

  isDenial(fact) {
    return data.looks[fact].id === "denied" || data.looks[fact].id === "negated";
  },

  start(found) {
    this.state = {
      types: found.types, facts: found.facts || this.usualFacts(), query: found.query, who: found.who,
      source: found.source, least: found.least, from: found.from, to: found.to, undated: found.undated,
      places: found.places, event: -1,
    };
  },

  set(changes) {
    Object.assign(this.state, changes);
    this.apply();
  },

  clear() {
    this.set({
      types: null, facts: this.usualFacts(), query: "", who: "", source: "", least: 0, from: null, to: null,
      undated: true,
    });
  },

  isClear() {
    const s = this.state;
    return !s.types && sameSet(s.facts, this.usualFacts()) && !s.query && !s.who && !s.source && !s.least &&
      s.from === null && s.to === null && s.undated;
  },

  // Sort all events into drawn, listed and neither.
  apply() {
    const { types, facts, least, from, to, undated } = this.state;
    const fits = this.matcher();
    const [drawn, listed] = [[], []];
    for (let i = 0; i < total; i += 1) {
      if (types && !types.has(events.type[i])) continue;
      if (events.confidence[i] * 100 < least) continue;
      const first = events.d0[i];
      if (first === null ? !undated : (from !== null && events.d1[i] < from) || (to !== null && first > to)) continue;
      const isAsked = facts.has(events.fact[i]);
      if (!isAsked && !(this.isDenial(events.fact[i]) && !data.negated)) continue;
      if (!fits(i)) continue;
      if (PLACED[i] && isAsked) drawn.push(i);
      else listed.push(i);
    }
    this.drawn = drawn;
    this.listed = listed;
    for (const watcher of this.watchers) watcher();
  },

  // What asks for texts: search, actor, source.
  matcher() {
    const { query, who, source } = this.state;
    const words = query.trim().toLocaleLowerCase();
    this.near = words ? placesCalled(words) : [];
    const near = this.near;
    return (i) => {
      if (who && !actorsOf(i).includes(who)) return false;
      if (source && sourceOf(i) !== source) return false;
      if (!words || haystack(i).includes(words)) return true;
      return PLACED[i] === 1 && near.some((place) =>
        distanceKm(place[3], place[4], events.lon[i], events.lat[i]) <= NEAR_KM + (place[5] || 0));
    };
  },
};

const haystacks = new Array(total);
function haystack(i) {
  if (haystacks[i] === undefined) {
    const said = events.said[i] ? events.said[i].map(textOf) : [];
    haystacks[i] = [
      data.types[events.type[i]].label, typeWords(events.type[i]), whereOf(i), sentenceOf(i), titleOf(articleOf(i)),
      textOf(events.subtype[i]), textOf(events.weapon[i]), ...actorsOf(i), ...said,
    ].filter(Boolean).join("\n").toLocaleLowerCase();
  }
  return haystacks[i];
}

function actorsOf(i) {
  const found = [];
  for (const [, name, side] of events.actors[i]) {
    if (side >= 0) found.push(textOf(side));
    if (name >= 0) found.push(textOf(name));
  }
  return found;
}

// Places by their modern names and by the texts' spellings.
let placeNames = null;
function placesCalled(words) {
  if (!placeNames) {
    placeNames = new Map();
    const put = (name, place) => {
      const key = (name || "").toLocaleLowerCase();
      if (!placeNames.has(key)) placeNames.set(key, new Set());
      placeNames.get(key).add(place);
    };
    data.places.forEach((row) => put(textOf(row[0]), row));
    for (const article of data.articles) {
      for (const name of article.names) if (name[2] >= 0) put(nameText(article, name), data.places[name[2]]);
    }
  }
  // A country or region is not near anything; towns are.
  return [...(placeNames.get(words) || [])].filter((place) => place[6] !== "A");
}

// How many events have each value, the most frequent first.
function counted(values) {
  const count = new Map();
  for (let i = 0; i < total; i += 1) for (const value of new Set(values(i))) count.set(value, (count.get(value) || 0) + 1);
  return [...count].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

// The controls; they read the state anew at each change.
const MOST_OPTIONS = 300;
const FilterControls = {
  build() {
    this.types = make("ul", { class: "legend" });
    this.facts = make("ul", { class: "legend" });
    this.sources = counted((i) => [sourceOf(i)]);
    this.actors = counted(actorsOf);
    return make("div", { class: "filters" }, this.head(), this.section("types", this.types), this.section("factuality", this.facts),
      make("p", { class: "quiet" }, say("legend_uncertainty")), this.choices());
  },

  head() {
    this.reset = button(say("clear_filters"), () => Filters.clear(), { class: "plain", id: "geomap-clear" });
    return make("p", {}, this.reset);
  },

  section(key, list) {
    return make("fieldset", {}, make("legend", {}, say(key)), list);
  },

  select(key, rows, property) {
    const chosen = make("select", { id: `geomap-${property}`, onchange: () => Filters.set({ [property]: chosen.value }) },
      make("option", { value: "" }, say("all")),
      rows.slice(0, MOST_OPTIONS).map(([value, count]) => make("option", { value }, `${value} (${numberWords(count)})`)));
    this[property] = chosen;
    return make("label", { class: "field" }, say(key), chosen);
  },

  choices() {
    const least = make("input", {
      type: "range", min: 0, max: 100, step: 5, id: "geomap-least",
      oninput: () => Filters.set({ least: Number(least.value) }),
    });
    this.least = least;
    this.leastWords = make("output", { for: "geomap-least" });
    this.places = tick(say("show_places"), Filters.state.places, (on) => Filters.set({ places: on }), { id: "geomap-places" });
    return make("fieldset", {}, make("legend", {}, say("more_filters")),
      make("label", { class: "field" }, make("span", {}, say("least_confidence"), " ", this.leastWords), least),
      this.actors.length ? this.select("actor", this.actors, "who") : null,
      this.sources.length > 1 ? this.select("source", this.sources, "source") : null, this.places);
  },

  refresh() {
    const state = Filters.state;
    const count = (column, number) => {
      let found = 0;
      for (let i = 0; i < total; i += 1) if (column[i] === number) found += 1;
      return found;
    };
    this.typeCounts = this.typeCounts || data.types.map((_, kind) => count(events.type, kind));
    this.factCounts = this.factCounts || data.looks.map((_, fact) => count(events.fact, fact));
    const all = new Set(data.types.keys());
    const types = state.types || all;
    if (!this.typeBoxes) {
      this.typeBoxes = this.rows(this.types, data.types.map((_, kind) => kind), {
        sign: (kind) => signOf(kind), words: typeWords, means: (kind) => sayOr(`shape_${data.types[kind].id}`, say("shape_other")),
        count: this.typeCounts, chosen: () => Filters.state.types || all, set: (set) => Filters.set({ types: sameSet(set, all) ? null : set }),
      });
      this.factBoxes = this.rows(this.facts, [...data.looks.keys()].filter((fact) => this.factCounts[fact]), {
        sign: (fact) => [markOf(0, fact, 26), strokeOf(fact)], words: factWords, means: (fact) => say(`means_${data.looks[fact].id}`),
        count: this.factCounts, chosen: () => Filters.state.facts, set: (set) => Filters.set({ facts: set }),
      });
    }
    for (const [kind, box] of this.typeBoxes) box.checked = types.has(kind);
    for (const [fact, box] of this.factBoxes) box.checked = state.facts.has(fact);
    this.least.value = state.least;
    this.leastWords.textContent = `${state.least} %`;
    if (this.who) this.who.value = state.who;
    if (this.source) this.source.value = state.source;
    this.places.querySelector("input").checked = state.places;
    this.reset.disabled = Filters.isClear();
  },

  rows(list, numbers, how) {
    const boxes = new Map();
    fill(list, numbers.map((number) => {
      const box = tick([how.sign(number), make("span", {}, make("b", {}, how.words(number)), ` (${numberWords(how.count[number])})`,
        make("br"), make("small", {}, how.means(number)))], true, (on) => {
        const set = new Set(how.chosen());
        if (on) set.add(number);
        else set.delete(number);
        how.set(set);
      });
      boxes.set(number, box.querySelector("input"));
      const only = button(say("only"), () => how.set(new Set([number])), { class: "plain only", "aria-label": `${say("only")}: ${how.words(number)}` });
      return make("li", {}, box, numbers.length > 1 ? only : null);
    }));
    return boxes;
  },
};
