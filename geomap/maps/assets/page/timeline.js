// Timeline: a slider with two ends over the days of the events, a bar for each day, and play.
const MOST_BARS = 90;
const PLAY_MS = 900;
const Timeline = {
  element: null,
  timer: 0,

  build() {
    const dated = [...events.d0.keys()].filter((i) => events.d0[i] !== null);
    this.hasUndated = dated.length < total;
    if (!dated.length) return null;
    // Not spread into Math.min: there may be 100,000 of them.
    this.first = dated.reduce((least, i) => Math.min(least, events.d0[i]), Infinity);
    this.last = dated.reduce((most, i) => Math.max(most, events.d1[i]), -Infinity);
    this.step = Math.max(1, Math.ceil((this.last - this.first + 1) / MOST_BARS));
    this.steps = Math.ceil((this.last - this.first + 1) / this.step);
    this.words = make("output", { class: "days", id: "geomap-days" });
    this.from = this.slider("from_day");
    this.to = this.slider("to_day");
    this.bars = makeSvg("svg", { class: "bars", preserveAspectRatio: "none", viewBox: `0 0 ${this.steps} 30`, "aria-hidden": "true" });
    this.button = button("", () => this.toggle(), { class: "play", id: "geomap-play" });
    this.undated = tick(say("show_undated"), true, (on) => Filters.set({ undated: on }), { id: "geomap-undated" });
    this.element = make("section", { id: "geomap-timeline", "aria-label": say("timeline") }, this.button,
      make("div", { class: "track" }, this.bars, this.from, this.to, make("div", { class: "ends", "aria-hidden": "true" },
        make("span", {}, dayWords(this.first)), make("span", {}, dayWords(this.last)))),
      make("div", { class: "when" }, this.words, button(say("all_days"), () => this.choose(null, null), { class: "plain", id: "geomap-all-days" }),
        this.hasUndated ? this.undated : null));
    return this.element;
  },

  slider(key) {
    const input = make("input", { type: "range", min: 0, max: this.steps - 1, step: 1, "aria-label": say(key), id: `geomap-${key.slice(0, -4)}` });
    input.addEventListener("input", () => {
      let [low, high] = [Number(this.from.value), Number(this.to.value)];
      if (low > high) [low, high] = input === this.from ? [high, high] : [low, low];
      this.stop();
      this.choose(low, high);
    });
    return input;
  },

  // Days of a span of bars; null is the whole.
  choose(low, high) {
    if (low === null || (low <= 0 && high >= this.steps - 1)) {
      Filters.set({ from: null, to: null });
      return;
    }
    Filters.set({
      from: this.first + low * this.step,
      to: Math.min(this.first + (high + 1) * this.step - 1, this.last),
    });
  },

  bar(day, isUp) {
    const place = (day - this.first) / this.step;
    return within(isUp ? Math.ceil(place) : Math.floor(place), 0, this.steps - 1);
  },

  toggle() {
    if (this.timer) {
      this.stop();
      return;
    }
    const { from, to } = Filters.state;
    let low = from === null ? 0 : this.bar(from);
    const width = from === null || to === null ? 0 : this.bar(to) - low;
    if (low + width >= this.steps - 1) low = 0;
    this.choose(low, low + width);
    this.timer = setInterval(() => {
      low += 1;
      if (low + width > this.steps - 1) this.stop();
      else this.choose(low, low + width);
    }, PLAY_MS);
    this.refreshButton();
  },

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this.refreshButton();
  },

  refreshButton() {
    this.button.textContent = this.timer ? "❚❚" : "▶";
    this.button.setAttribute("aria-label", say(this.timer ? "pause" : "play"));
    this.button.setAttribute("title", say(this.timer ? "pause" : "play"));
  },

  refresh() {
    if (!this.element) return;
    const { from, to, undated } = Filters.state;
    const low = from === null ? 0 : this.bar(from);
    const high = to === null ? this.steps - 1 : this.bar(to);
    this.from.value = low;
    this.to.value = high;
    const [start, end] = [from === null ? this.first : from, to === null ? this.last : to];
    const span = start === end ? dayWords(start) : `${dayWords(start)} – ${dayWords(end)}`;
    this.words.textContent = from === null && to === null ? say("all_days_shown", { span }) : span;
    this.from.setAttribute("aria-valuetext", dayWords(start));
    this.to.setAttribute("aria-valuetext", dayWords(end));
    this.undated.querySelector("input").checked = undated;
    this.drawBars(low, high);
    this.refreshButton();
  },

  drawBars(low, high) {
    if (!this.counts) {
      this.counts = new Array(this.steps).fill(0);
      for (let i = 0; i < total; i += 1) {
        if (events.d0[i] === null) continue;
        for (let bar = this.bar(events.d0[i]); bar <= this.bar(events.d1[i]); bar += 1) this.counts[bar] += 1;
      }
      const most = this.counts.reduce((a, b) => Math.max(a, b), 1);
      fill(this.bars, this.counts.map((count, bar) => {
        const high_ = count ? 4 + 26 * count / most : 0;
        const day = this.first + bar * this.step;
        return makeSvg("g", { class: "bar", "data-day": isoDay(day), onclick: () => { this.stop(); this.choose(bar, bar); } },
          makeSvg("title", {}, `${dayWords(day)}: ${numberWords(count)}`),
          makeSvg("rect", { class: "hit", x: bar, y: 0, width: 1, height: 30 }),
          makeSvg("rect", { class: "fill", x: bar + 0.08, y: 30 - high_, width: 0.84, height: high_ }));
      }));
    }
    [...this.bars.children].forEach((bar, number) => bar.classList.toggle("out", number < low || number > high));
  },
};
