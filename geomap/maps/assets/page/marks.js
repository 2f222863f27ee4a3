// Marks: up to some hundred events, each a focusable element of its own in Folium's groups. Marks
// that would lie on each other move apart, with a line to their true place.
const MARK_PX = 30;
const FAR_PX = 62;
const Marks = {
  layers: new Map(),
  on: new Set(),

  start(map, groups) {
    this.map = map;
    this.groups = groups;
    map.on("zoomend", () => this.spread());
  },

  layerOf(i) {
    if (!this.layers.has(i)) {
      const shapes = shapesOf(i);
      const mark = L.marker([events.lat[i], events.lon[i]], {
        riseOnHover: true, keyboard: true, icon: L.divIcon({
          className: "geomap-mark", iconSize: [MARK_PX, MARK_PX], html: markOf(events.type[i], events.fact[i]),
        }),
      });
      mark.on("add", () => this.name(i, mark));
      for (const layer of [mark, ...shapes]) layer.on("click", () => Shown.open(i, { stay: true }));
      mark.on("keypress", (key) => { if (key.originalEvent.key === "Enter") Shown.open(i, { stay: true, focus: true }); });
      this.layers.set(i, { mark, shapes, group: L.featureGroup([...shapes, mark]) });
    }
    return this.layers.get(i);
  },

  name(i, mark) {
    const element = mark.getElement();
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", `${eventWords(i)}, ${factWords(events.fact[i])}, ${dateWords(i)}`);
    element.dataset.event = i;
  },

  update() {
    const wanted = new Set(Filters.drawn);
    for (const i of this.on) {
      if (!wanted.has(i)) this.groups[events.type[i]].removeLayer(this.layerOf(i).group);
    }
    for (const i of wanted) {
      if (!this.on.has(i)) this.groups[events.type[i]].addLayer(this.layerOf(i).group);
    }
    this.on = wanted;
    this.spread();
  },

  rename() {
    for (const i of this.on) if (this.layerOf(i).mark.getElement()) this.name(i, this.layerOf(i).mark);
  },

  // Give each mark the nearest free spot on a spiral around its own. One that would come to stand
  // too far off is told by a number at the mark next to its place.
  spread() {
    const taken = [];
    const more = new Map();
    const isFree = (x, y) => taken.every((one) => Math.abs(one[0] - x) >= MARK_PX - 2 || Math.abs(one[1] - y) >= MARK_PX - 2);
    for (const i of this.on) {
      const { mark } = this.layerOf(i);
      const at = this.map.latLngToLayerPoint(mark.getLatLng());
      let [x, y, far] = [at.x, at.y, 0];
      for (let step = 1; far <= FAR_PX && !isFree(x, y); step += 1) {
        far = MARK_PX * 0.62 * Math.sqrt(step);
        [x, y] = [at.x + far * Math.cos(step * 2.4), at.y + far * Math.sin(step * 2.4)];
      }
      mark.getElement().hidden = far > FAR_PX;
      if (far > FAR_PX) {
        const apart = (one) => Math.hypot(one[0] - at.x, one[1] - at.y);
        const host = taken.reduce((best, one) => (apart(one) < apart(best) ? one : best))[2];
        more.set(host, [...(more.get(host) || []), i]);
        continue;
      }
      taken.push([x, y, i]);
      this.move(mark, x - at.x, y - at.y);
    }
    for (const [, , i] of taken) this.tellMore(i, more.get(i) || []);
    Shown.labels.marks = taken.map(([x, y]) => [x, y, 11]);
    Shown.labels.redraw();
  },

  tellMore(i, others) {
    const element = this.layerOf(i).mark.getElement();
    const old = element.querySelector(".more");
    if (old) old.remove();
    if (!others.length) return;
    const box = L.latLngBounds([i, ...others].map((one) => [events.lat[one], events.lon[one]]));
    element.append(make("span", { class: "more", title: say("and_more", { n: others.length }), onclick: (click) => {
      click.stopPropagation();
      this.map.fitBounds(box.pad(0.1), { animate: !isCalm() });
    } }, `+${others.length}`));
  },

  move(mark, x, y) {
    const element = mark.getElement();
    if (!element) return;
    element.style.marginLeft = `${x - MARK_PX / 2}px`;
    element.style.marginTop = `${y - MARK_PX / 2}px`;
    mark.options.icon.options.popupAnchor = [x, y - MARK_PX / 2];
    const far = Math.hypot(x, y);
    let leader = element.querySelector(".leader");
    if (!leader && far > 1) leader = element.insertBefore(make("i", { class: "leader" }), element.firstChild);
    if (!leader) return;
    leader.style.width = `${far}px`;
    leader.style.transform = `rotate(${Math.atan2(-y, -x)}rad)`;
  },
};
