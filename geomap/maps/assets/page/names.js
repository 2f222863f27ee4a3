// Names: every name in the texts, what it was taken for and why; the faint dots of places that no
// event on the map stands at.
const MOST_ELEMENTS = 1500;
const Names = {
  index() {
    if (this.byPlace) return;
    this.byPlace = new Map();
    this.eventsBy = new Map();
    data.articles.forEach((article) => article.names.forEach((name) => {
      if (name[2] < 0 || textOf(name[3]) !== "literal") return;
      const row = this.byPlace.get(name[2]) || { spellings: new Set(), mentions: 0 };
      row.spellings.add(nameText(article, name));
      row.mentions += 1;
      this.byPlace.set(name[2], row);
    }));
    for (let i = 0; i < total; i += 1) {
      for (const [, name] of events.places[i]) {
        const place = articleOf(i).names[name][2];
        if (place < 0) continue;
        if (!this.eventsBy.has(place)) this.eventsBy.set(place, []);
        if (!this.eventsBy.get(place).includes(i)) this.eventsBy.get(place).push(i);
      }
    }
  },

  of(place) {
    this.index();
    const row = this.byPlace.get(place) || { spellings: new Set(), mentions: 0 };
    return { spellings: [...row.spellings], mentions: row.mentions };
  },

  eventsAt(place) {
    this.index();
    return this.eventsBy.get(place) || [];
  },

  // Numbers of the places that texts name, those of events first.
  places() {
    this.index();
    const isUsed = (place) => (this.eventsBy.has(place) ? 0 : 1);
    return [...this.byPlace.keys()].sort((a, b) => isUsed(a) - isUsed(b) || (a - b));
  },

  // The layer of dots. Among many marks only those of places without an event.
  layer(map) {
    map.createPane("geomap-places").style.zIndex = 350;
    const many = this.byPlaceCount() > MOST_ELEMENTS;
    const quiet = many ? { renderer: L.canvas({ pane: "geomap-places" }) } : {};
    const wanted = this.places().filter((number) => !Shown.isCrowded || !this.eventsBy.has(number));
    return L.layerGroup(wanted.map((number) => {
      const [, , , lon, lat] = data.places[number];
      const dot = L.circleMarker([lat, lon], {
        ...quiet, pane: "geomap-places", className: this.eventsBy.has(number) ? "place" : "place bare",
        radius: 3.5, weight: 1, color: "#57606a", fillColor: "#8c959f", fillOpacity: 0.85,
      });
      dot.on("click", (click) => {
        L.DomEvent.stop(click);
        Shown.popup([lat, lon], [evidenceOfPlace(number)], say("place"));
      });
      return dot;
    }));
  },

  byPlaceCount() {
    this.index();
    return this.byPlace.size;
  },

  // The panel's page of names.
  build() {
    const rows = { lost: new Map(), meant: new Map() };
    data.articles.forEach((article, number) => article.names.forEach((name, order) => {
      const reading = textOf(name[3]);
      const kind = reading !== "literal" ? "meant" : name[2] < 0 ? "lost" : null;
      if (!kind) return;
      const key = [nameText(article, name), reading, name[5]].join("\n");
      const row = rows[kind].get(key) || { article, number, name, order, count: 0 };
      row.count += 1;
      rows[kind].set(key, row);
    }));
    const places = this.places();
    return [
      this.section("names_lost", [...rows.lost.values()], (row) => this.mention(row), true),
      this.section("names_meant", [...rows.meant.values()], (row) => this.mention(row), false),
      this.section("names_placed", places, (place) => make("li", {}, button(this.placeWords(place), () => Shown.openPlace(place), { class: "plain" })), false),
    ];
  },

  placeWords(place) {
    const { spellings, mentions } = this.of(place);
    const modern = textOf(data.places[place][0]);
    const others = spellings.filter((one) => one !== modern);
    return `${modern}${others.length ? ` (“${others.join("”, “")}”)` : ""} · ${numberWords(mentions)}`;
  },

  mention({ article, number, name, order, count }) {
    return make("li", {}, button(`${nameText(article, name)}${count > 1 ? ` × ${count}` : ""}`, () => Reader.showName(number, order), { class: "plain" }),
      " ", make("small", {}, sayOr(`reading_${textOf(name[3])}`, textOf(name[3]))), reasonOf(name[5]));
  },

  section(key, rows, toItem, isOpen) {
    const list = make("ul", {}, rows.slice(0, 500).map(toItem));
    return make("details", { open: isOpen || null, id: `geomap-${key.replace("_", "-")}` },
      make("summary", {}, `${say(key)} (${numberWords(rows.length)})`), rows.length ? list : make("p", {}, say("none")));
  },
};
