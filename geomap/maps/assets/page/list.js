// List: the events beside the map, in words; all that the map does can be done from here.
const PAGE_ROWS = 100;
const List = {
  rows: PAGE_ROWS,

  build() {
    this.drawn = make("ol", { class: "events", id: "geomap-events" });
    this.more = button("", () => { this.rows += PAGE_ROWS; this.refresh(true); }, { class: "plain" });
    this.none = make("p", {}, "");
    this.rest = make("ol", { class: "events", id: "geomap-unplaced" });
    this.restHead = make("h2", {}, "");
    return [make("h2", {}, say("on_the_map")), this.none, this.drawn, this.more, this.restHead, this.rest];
  },

  refresh(isMore) {
    if (!isMore) this.rows = PAGE_ROWS;
    const { drawn, listed } = Filters;
    fill(this.drawn, drawn.slice(0, this.rows).map((i) => this.row(i)));
    this.more.hidden = drawn.length <= this.rows;
    this.more.textContent = say("show_more", { n: numberWords(drawn.length - this.rows) });
    this.none.hidden = drawn.length > 0;
    this.none.textContent = say(total ? "nothing_fits" : "nothing_found");
    this.restHead.hidden = this.rest.hidden = !listed.length;
    this.restHead.textContent = `${say("not_on_the_map")} (${numberWords(listed.length)})`;
    fill(this.rest, listed.slice(0, this.rows).map((i) => this.listedRow(i)));
    this.current(Filters.state.event);
  },

  words(i) {
    return make("span", { class: "words" }, make("b", {}, typeWords(events.type[i])), " ", whereOf(i) || "", make("br"),
      make("small", {}, `${factWords(events.fact[i])} · ${dateWords(i)} · ${saidWords(i)}`));
  },

  row(i) {
    return make("li", {}, button([markOf(events.type[i], events.fact[i], 28), this.words(i)], () => Shown.open(i, { focus: true }), { "data-event": i }),
      make("p", { class: "print-only", lang: articleOf(i).language }, sentenceNodes(i)));
  },

  // An event without a mark opens its sentence instead.
  listedRow(i) {
    const why = PLACED[i] ? say("denied_not_drawn", { fact: factWords(events.fact[i]) }) : [say("no_place_known"), reasonOf(events.reason[i])];
    const draw = PLACED[i] ? button(say("draw_it"), () => {
      Filters.set({ facts: new Set([...Filters.state.facts, events.fact[i]]) });
      Shown.open(i);
    }, { class: "plain only" }) : null;
    return make("li", {}, button([markOf(events.type[i], events.fact[i], 28), this.words(i)], () => Reader.show(i, true), { "data-event": i }),
      make("p", { class: "quiet" }, why, draw));
  },

  current(i) {
    for (const one of document.querySelectorAll("#geomap-panel button[data-event]")) {
      const is = Number(one.dataset.event) === i;
      one.setAttribute("aria-current", String(is));
      if (is && i >= 0 && !isNarrow()) one.scrollIntoView({ block: "nearest" });
    }
  },
};
