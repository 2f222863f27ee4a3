// Page: puts the parts together. The only file that knows all of them.
const MOST_MARKS = 500;

// What is open: the evidence of an event, a place, the text.
const Shown = {
  map: null,
  opener: null,

  open(i, how) {
    const { stay, focus, fromText } = how || {};
    if (!PLACED[i]) {
      Reader.show(i, true);
      return;
    }
    if (!Filters.drawn.includes(i)) Filters.set({ ...Filters.state, types: null, facts: new Set([...Filters.state.facts, events.fact[i]]), query: "", who: "", source: "", least: 0, from: null, to: null, undated: true });
    this.opener = document.activeElement;
    Filters.state.event = i;
    if (!stay) this.lookAt(boundsOfEvent(i));
    const mark = this.isCrowded ? null : Marks.layerOf(i).mark;
    this.popup([events.lat[i], events.lon[i]], [evidenceOf(i)], eventWords(i), mark ? mark.options.icon.options.popupAnchor : [0, -8], focus);
    Filters.state.event = i;
    List.current(i);
    if (!fromText) Reader.show(i, false);
    else Reader.highlight(...events.sentence[i]);
    this.write();
  },

  openPlace(number, fromText) {
    const [, , , lon, lat, radius, kind] = data.places[number];
    this.opener = document.activeElement;
    this.lookAt(L.latLng(lat, lon).toBounds(Math.max(radius || 5, kind === "A" ? 60 : 15) * 2500));
    this.popup([lat, lon], [evidenceOfPlace(number)], textOf(data.places[number][0]), [0, -4], !fromText);
  },

  // Show a box with room for the popup above it, at once: a popup that opens into a moving map
  // is put where the map no longer is.
  lookAt(box) {
    const size = this.map.getSize();
    if (isNarrow()) this.map.getContainer().scrollIntoView({ block: "nearest" });
    this.map.fitBounds(box, { maxZoom: 9, paddingTopLeft: [40, Math.min(size.y * 0.55, 320)], paddingBottomRight: [40, 40], animate: false });
  },

  popup(spot, content, title, offset, focus) {
    const body = make("div", {}, content);
    const height = Math.max(140, Math.min(this.map.getSize().y - 90, 460));
    const width = Math.min(400, this.map.getSize().x - 60);
    const popup = L.popup({ maxWidth: width, minWidth: Math.min(280, width), maxHeight: height, offset: offset || [0, 0], autoPanPadding: [12, 12] })
      .setLatLng(spot).setContent(body);
    popup.on("remove", () => {
      Filters.state.event = -1;
      List.current(-1);
      this.write();
    });
    popup.openOn(this.map);
    const element = popup.getElement();
    element.setAttribute("role", "dialog");
    element.setAttribute("aria-label", title);
    element.setAttribute("tabindex", "-1");
    const close = element.querySelector(".leaflet-popup-close-button");
    if (close) close.setAttribute("aria-label", say("close"));
    if (focus) element.focus({ preventScroll: true });
  },

  openReader() {
    document.body.classList.remove("no-reader");
    Skeleton.readerButton.setAttribute("aria-expanded", "true");
    this.map.invalidateSize({ animate: false });
  },

  write() {},
};

const Skeleton = {
  build() {
    this.count = make("p", { id: "geomap-count", role: "status" });
    this.search = make("input", { type: "search", id: "geomap-search", placeholder: say("search_hint"), "aria-label": say("search"), maxlength: 200 });
    this.search.addEventListener("input", later(() => Filters.set({ query: this.search.value }), 180));
    this.status = make("p", { class: "tool-status", role: "status" });
    const names = [["events", List.build()], ["filters", FilterControls.build()], ["names", Names.build()]];
    const panel = make("aside", { id: "geomap-panel", "aria-label": say("panel") },
      make("h1", {}, data.title), this.count, this.search, this.tools(), this.status, this.tabs(names),
      ...names.map(([key, content]) => make("div", { role: "tabpanel", id: `geomap-tab-${key}`, "aria-labelledby": `geomap-to-${key}`, tabindex: 0 }, content)),
      this.footer());
    return panel;
  },

  tools() {
    this.readerButton = button(say("text"), () => this.toggleReader(), { "aria-expanded": "true", "aria-controls": "geomap-reader", id: "geomap-toggle-text" });
    const languages = make("select", { "aria-label": say("language"), id: "geomap-language", onchange: () => switchLanguage(languages.value) },
      Object.keys(tables).map((code) => make("option", { value: code, lang: code }, tables[code].own_name)));
    languages.value = language;
    return make("div", { class: "tools", role: "group", "aria-label": say("tools") },
      button(say("copy_link"), () => copyLink(this.status), { id: "geomap-link" }),
      button("GeoJSON", () => save("geomap-events.geojson", "application/geo+json", asGeoJson()), { "aria-label": say("download_geojson"), title: say("download_geojson") }),
      button("CSV", () => save("geomap-events.csv", "text/csv", asCsv()), { "aria-label": say("download_csv"), title: say("download_csv") }),
      this.readerButton, languages);
  },

  toggleReader() {
    const isHidden = document.body.classList.toggle("no-reader");
    this.readerButton.setAttribute("aria-expanded", String(!isHidden));
    Shown.map.invalidateSize({ animate: false });
    if (!isHidden && isNarrow()) Reader.element.scrollIntoView();
  },

  tabs(names) {
    const list = make("div", { role: "tablist", "aria-label": say("panel") });
    const keys = names.map(([key]) => key);
    this.choose = (chosen, focus) => {
      for (const key of keys) {
        const tab = list.querySelector(`#geomap-to-${key}`);
        tab.setAttribute("aria-selected", String(key === chosen));
        tab.tabIndex = key === chosen ? 0 : -1;
        const page = document.getElementById(`geomap-tab-${key}`);
        if (page) page.hidden = key !== chosen;
        if (key === chosen && focus) tab.focus();
      }
    };
    keys.forEach((key, order) => {
      const tab = make("button", { type: "button", role: "tab", id: `geomap-to-${key}`, "aria-controls": `geomap-tab-${key}`, onclick: () => this.choose(key) }, say(key));
      tab.addEventListener("keydown", (press) => {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[press.key];
        if (by) this.choose(keys[(order + by + keys.length) % keys.length], true);
      });
      list.append(tab);
    });
    return list;
  },

  footer() {
    const views = data.worldviews.map((view) => sayOr(`worldview_${view.replace(/-/g, "_")}`, view));
    return make("footer", {}, make("p", {}, say("caution")), make("p", {}, say("attribution"), " ", views.join(" ")));
  },

  refresh() {
    const missing = total - PLACED.reduce((sum, one) => sum + one, 0);
    const denied = Filters.listed.filter((i) => PLACED[i]).length;
    const parts = [say("shown", { n: numberWords(Filters.drawn.length), m: numberWords(total) })];
    if (missing) parts.push(say("without_place", { n: numberWords(missing) }));
    if (denied) parts.push(say("denied_count", { n: numberWords(denied) }));
    if (Filters.near.length) parts.push(say("near_counted", { km: NEAR_KM, place: textOf(Filters.near[0][0]) }));
    this.count.textContent = parts.join(" · ");
    if (document.activeElement !== this.search) this.search.value = Filters.state.query;
  },
};

let rebuild = () => {};
function switchLanguage(code) {
  setLanguage(code);
  rebuild();
  document.getElementById("geomap-language").focus();
}

function build(map, box) {
  for (const id of ["geomap-panel", "geomap-timeline", "geomap-reader"]) {
    const old = document.getElementById(id);
    if (old) old.remove();
  }
  Object.assign(FilterControls, { typeBoxes: null, factBoxes: null, who: null, source: null });
  Object.assign(Timeline, { counts: null });
  clearInterval(Timeline.timer);
  const timeline = Timeline.build();
  const article = Math.max(Reader.article, 0);
  Reader.article = -1;
  box.before(Skeleton.build());
  box.after(...[timeline, Reader.build()].filter(Boolean));
  document.body.classList.toggle("no-timeline", !timeline);
  Skeleton.choose("events");
  Reader.open(article);
}

// Draws what Python has planned: the map is Folium's, the groups are its feature groups.
function draw(map, groups) {
  const found = Fragment.read();
  setLanguage(data.language);
  if (found.language) setLanguage(found.language);
  Shown.map = map;
  const box = map.getContainer();
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", say("map"));
  Filters.start(found);
  document.body.prepend(make("a", { href: "#geomap-events", class: "skip", onclick: (click) => {
    click.preventDefault();
    Skeleton.choose("events");
    const first = document.querySelector("#geomap-events button");
    if (first) first.focus();
  } }, say("skip")), fadeDefinitions());
  if (isNarrow()) document.body.classList.add("narrow-start");
  build(map, box);
  startMap(map, groups, found);
  const refresh = () => {
    Skeleton.refresh();
    List.refresh();
    FilterControls.refresh();
    Timeline.refresh();
  };
  Filters.watchers.push(refresh);
  rebuild = () => {
    map.closePopup();
    haystacks.fill(undefined);
    build(map, box);
    refresh();
    Marks.rename();
    box.setAttribute("aria-label", say("map"));
    Shown.write();
  };
  Filters.apply();
  startKeys(map);
  startPrint(map);
  watchSize(map);
  Shown.write = later(() => Fragment.write(Filters.state, map), 250);
  Filters.watchers.push(() => Shown.write());
  map.on("moveend", () => Shown.write());
  if (found.event >= 0) Shown.open(found.event, { stay: found.view !== null });
  window.addEventListener("hashchange", () => followHash(map));
}

function startMap(map, groups, found) {
  map.attributionControl.setPrefix("Leaflet");
  drawBasemap(map);
  map.createPane("geomap-labels").style.zIndex = 380;
  map.createPane("geomap-crowd").style.zIndex = 450;
  for (const name of ["geomap-labels", "geomap-crowd"]) map.getPane(name).style.pointerEvents = "none";
  map.invalidateSize({ animate: false });
  if (found.view) map.setView(found.view.slice(0, 2), found.view[2], { animate: false });
  else if (data.view) map.fitBounds(data.view, { padding: [40, 40], animate: false });
  const labels = new Labels();
  labels.places = Names.places().filter((number) => data.places[number][6] !== "A");
  Shown.labels = labels.addTo(map);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => labels.redraw());
  const placed = PLACED.reduce((sum, one) => sum + one, 0);
  Shown.isCrowded = placed > MOST_MARKS;
  const dots = Names.layer(map);
  Filters.watchers.push(() => {
    if (Filters.state.places !== map.hasLayer(dots)) map[Filters.state.places ? "addLayer" : "removeLayer"](dots);
  });
  if (Shown.isCrowded) {
    const crowd = startCrowd(map);
    Filters.watchers.push(() => crowd.redraw());
  } else {
    Marks.start(map, groups);
    Filters.watchers.push(() => Marks.update());
  }
  const control = document.querySelector(".leaflet-control-layers");
  if (control && !control.querySelector("input")) control.hidden = true;
}

// The page gives the map its room, and changes it when all is drawn: a timeline of fewer lines
// leaves more. Leaflet listens to the window alone, and would leave a strip without land.
function watchSize(map) {
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
}

// On paper the map has a size of its own, which is taken before the browser lays out the paper.
function startPrint(map) {
  let view = null;
  window.addEventListener("beforeprint", () => {
    view = [map.getCenter(), map.getZoom()];
    const box = map.getBounds();
    document.body.classList.add("printing");
    map.invalidateSize({ animate: false });
    // Not narrower than what was seen, so that what is listed below is on the paper.
    map.fitBounds(box.pad(-0.08), { animate: false });
    Shown.labels.paint();
  });
  window.addEventListener("afterprint", () => {
    document.body.classList.remove("printing");
    map.invalidateSize({ animate: false });
    if (view) map.setView(view[0], view[1], { animate: false });
  });
}

function startKeys(map) {
  document.addEventListener("keydown", (press) => {
    if (press.key === "Escape" && document.querySelector(".leaflet-popup")) {
      map.closePopup();
      if (Shown.opener && Shown.opener.isConnected) Shown.opener.focus();
    } else if (press.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(press.target.tagName)) {
      press.preventDefault();
      Skeleton.search.focus();
    }
  });
}

// Somebody put another address into the same page.
function followHash(map) {
  if (location.hash === Fragment.own) return;
  const found = Fragment.read();
  if (found.language) setLanguage(found.language);
  Filters.start(found);
  rebuild();
  Filters.apply();
  if (found.view) map.setView(found.view.slice(0, 2), found.view[2], { animate: false });
  if (found.event >= 0) Shown.open(found.event, { stay: found.view !== null });
}
