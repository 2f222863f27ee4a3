// Reader: the text of an article beside the map, with every name and trigger marked. A click on a
// mark of the text shows it on the map, or says why it is not there.
const Reader = {
  article: -1,

  build() {
    this.head = make("div", { class: "reader-head" });
    this.note = make("p", { class: "note", role: "status" });
    this.text = make("div", { class: "text", id: "geomap-text" });
    this.element = make("section", { id: "geomap-reader", "aria-label": say("text") }, this.head, this.note, this.text);
    return this.element;
  },

  open(number) {
    if (this.article === number || !data.articles.length) return;
    this.article = number;
    const article = data.articles[number];
    fill(this.head, make("h2", {}, titleOf(article)), this.chooser(number),
      make("p", { class: "quiet" }, sourceLine(article)),
      article.excerpts ? make("p", { class: "quiet" }, say("excerpts")) : null, this.key());
    this.note.textContent = "";
    if (article.language) this.text.lang = article.language;
    else this.text.removeAttribute("lang");
    fill(this.text, this.nodes(number));
    this.text.scrollTop = 0;
  },

  key() {
    return make("p", { class: "key quiet" }, make("span", { class: "name placed" }, say("key_place")), " ",
      make("span", { class: "name meant" }, say("key_meant")), " ", make("span", { class: "name lost" }, say("key_lost")), " ",
      make("span", { class: "trigger" }, say("key_trigger")));
  },

  chooser(number) {
    if (data.articles.length < 2) return null;
    const step = (by) => button(by < 0 ? "◀" : "▶", () => this.open((number + by + data.articles.length) % data.articles.length),
      { class: "plain", "aria-label": say(by < 0 ? "previous_article" : "next_article") });
    if (data.articles.length > MOST_OPTIONS) return make("p", { class: "row" }, step(-1), ` ${number + 1} / ${data.articles.length} `, step(1));
    const chosen = make("select", { "aria-label": say("article"), onchange: () => this.open(Number(chosen.value)) },
      data.articles.map((article, order) => make("option", { value: order }, titleOf(article))));
    chosen.value = number;
    return make("p", { class: "row" }, step(-1), chosen, step(1));
  },

  // Marks of an article: names, and triggers of its events; of two that overlap the first.
  marks(number) {
    const marks = data.articles[number].names.map((name, order) => ({ start: name[0], end: name[1], name: order }));
    const triggers = new Map();
    for (let i = this.firstEvent(number); i < total && events.article[i] === number; i += 1) {
      const [start, end] = events.trigger[i];
      if (start >= end) continue;
      const key = `${start}-${end}`;
      if (!triggers.has(key)) triggers.set(key, { start, end, events: [] });
      triggers.get(key).events.push(i);
    }
    return [...marks, ...triggers.values()].sort((a, b) => a.start - b.start || b.end - a.end);
  },

  // Events stand in the order of their articles, so that the first one is found by halving.
  firstEvent(number) {
    let [low, high] = [0, total];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (events.article[middle] < number) low = middle + 1;
      else high = middle;
    }
    return low;
  },

  nodes(number) {
    const { text } = data.articles[number];
    const cuts = this.cuts(number);
    const nodes = [];
    let done = 0;
    const plain = (to) => {
      for (const cut of [...cuts.filter((one) => one > done && one < to), to]) {
        if (cut > done) nodes.push(make("span", { "data-a": done, "data-b": cut }, text.slice(done, cut)));
        done = cut;
      }
    };
    for (const mark of this.marks(number)) {
      if (mark.start < done) continue;
      plain(mark.start);
      nodes.push(mark.events ? this.trigger(mark, text) : this.name(number, mark, text));
      done = mark.end;
    }
    plain(text.length);
    return nodes;
  },

  // Where the sentences of events begin and end.
  cuts(number) {
    const cuts = new Set();
    for (let i = this.firstEvent(number); i < total && events.article[i] === number; i += 1) {
      events.sentence[i].forEach((cut) => cuts.add(cut));
    }
    return [...cuts].sort((one, other) => one - other);
  },

  trigger(mark, text) {
    return button(text.slice(mark.start, mark.end), () => this.choose(mark), {
      class: "trigger", "data-a": mark.start, "data-b": mark.end, title: mark.events.map(eventWords).join("; "),
    });
  },

  // One trigger may tell several events: each click shows the next of them.
  choose(mark) {
    mark.turn = ((mark.turn === undefined ? -1 : mark.turn) + 1) % mark.events.length;
    const i = mark.events[mark.turn];
    const count = mark.events.length > 1 ? ` (${mark.turn + 1}/${mark.events.length})` : "";
    this.say(`${eventWords(i)} · ${factWords(events.fact[i])}${count}`);
    Shown.open(i, { fromText: true });
  },

  name(number, mark, text) {
    const name = data.articles[number].names[mark.name];
    const reading = textOf(name[3]);
    const kind = reading !== "literal" ? "meant" : name[2] < 0 ? "lost" : "placed";
    return button(text.slice(mark.start, mark.end), () => this.pick(number, mark.name), {
      class: `name ${kind}`, "data-name": mark.name, "data-a": mark.start, "data-b": mark.end, title: this.nameNote(number, mark.name),
    });
  },

  nameNote(number, order) {
    const article = data.articles[number];
    const name = article.names[order];
    const reading = textOf(name[3]);
    const what = reading !== "literal" || name[2] < 0
      ? sayOr(`reading_${reading === "literal" ? "lost" : reading}`, reading) : textOf(data.places[name[2]][0]);
    return [what, textOf(name[5])].filter(Boolean).join(": ");
  },

  pick(number, order) {
    const name = data.articles[number].names[order];
    this.say(`${nameText(data.articles[number], name)} – ${this.nameNote(number, order)}`);
    if (textOf(name[3]) === "literal" && name[2] >= 0) Shown.openPlace(name[2], true);
  },

  say(words) {
    this.note.textContent = words;
  },

  // Show the sentence of an event; wanted: the reader asked for the text itself.
  show(i, wanted) {
    this.open(events.article[i]);
    if (wanted) Shown.openReader();
    const [start, end] = events.sentence[i];
    this.highlight(start, end);
    const [from] = events.trigger[i];
    const found = this.text.querySelector(`.trigger[data-a="${from}"]`) || this.text.querySelector(".said");
    this.reveal(found, wanted);
    if (wanted) this.say(`${eventWords(i)} · ${factWords(events.fact[i])}`);
  },

  showName(number, order) {
    this.open(number);
    Shown.openReader();
    this.highlight(-1, -1);
    this.reveal(this.text.querySelector(`[data-name="${order}"]`), true);
    this.pick(number, order);
  },

  // Mark the sentence. Nothing is moved, so that what has the focus keeps it.
  highlight(start, end) {
    for (const one of this.text.children) {
      one.classList.toggle("said", Number(one.dataset.a) >= start && Number(one.dataset.b) <= end);
    }
  },

  reveal(element, focus) {
    if (!element) return;
    const box = this.text;
    if (box.scrollHeight > box.clientHeight + 4) {
      const top = element.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
      box.scrollTo({ top: top - box.clientHeight / 3, behavior: isCalm() ? "auto" : "smooth" });
    } else if (focus) element.scrollIntoView({ block: "center" });
    if (focus) element.focus({ preventScroll: true });
  },
};
