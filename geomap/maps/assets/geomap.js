// What a popup of Folium's own asks of jQuery, which is not here: an element from HTML. It is
// the HTML of whoever adds the popup in Python; geomap's own evidence does not come this way.
window.$ = window.$ || function (from) {
  if (typeof from !== "string") return { ready: (run) => run() };
  const frame = document.createElement("template");
  frame.innerHTML = from.trim();
  return [frame.content.firstElementChild];
};

// Draws what Python has planned. Every text in the data is HTML that the one
// escaper (geomap/maps/escape.py) has made inert; nothing here takes text from elsewhere.
function geomapDraw(map, groups, places) {
  "use strict";
  const data = JSON.parse(document.getElementById("geomap-data").textContent);
  const style = getComputedStyle(document.documentElement);
  const marks = new Map();
  const bounds = new Map();

  map.attributionControl.setPrefix("Leaflet");
  map.createPane("geomap-land").style.zIndex = 200;
  const quiet = { pane: "geomap-land", interactive: false };
  const land = L.geoJSON(data.land, {
    ...quiet, style: { stroke: false, fillOpacity: 1, fillColor: style.getPropertyValue("--land") },
  }).addTo(map);
  L.geoJSON(data.borders, { ...quiet, style: { color: "#8c959f", weight: 1, fill: false } }).addTo(map);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    land.setStyle({ fillColor: style.getPropertyValue("--land") }));

  function icon(event, feature) {
    const look = data.types[event.type];
    const faint = event.sure ? "" : " geomap-faint";
    return L.divIcon({
      className: "geomap-mark" + faint, iconSize: [26, 26],
      iconAnchor: [13 - (feature.properties.shift || 0), 13], html: look.sign,
    });
  }

  function toLayer(feature, spot) {
    const { event: number, kind } = feature.properties;
    const event = data.events[number];
    const colour = data.types[event.type].colour;
    if (kind === "uncertainty") {
      return L.circle(spot, { radius: feature.properties.radius, interactive: false });
    }
    if (kind === "arrow") {
      const html = `<svg viewBox="-12 -12 24 24" width="24" height="24"><path d="M-10-7L2 0l-12 7z" ` +
        `fill="${colour}" transform="rotate(${Number(feature.properties.angle)})"/></svg>`;
      return L.marker(spot, {
        interactive: false, keyboard: false,
        icon: L.divIcon({ className: "geomap-arrow", iconSize: [24, 24], html }),
      });
    }
    const mark = L.marker(spot, { icon: icon(event, feature), riseOnHover: true });
    mark.on("add", () => {
      const element = mark.getElement();
      element.style.borderColor = colour;
      element.setAttribute("role", "button");
      element.setAttribute("aria-label", event.label);
      element.dataset.event = number;
    });
    marks.set(number, mark);
    return mark;
  }

  for (const [type, features] of Object.entries(data.features)) {
    L.geoJSON(features, {
      style: (feature) => feature.properties.style || {},
      pointToLayer: toLayer,
      onEachFeature: (feature, layer) => {
        const { event: number, kind } = feature.properties;
        if (kind === "mark" || kind === "shape") {
          layer.bindPopup(data.events[number].evidence, { maxWidth: 420, minWidth: 260 });
          layer.on("popupopen", () => current(number));
        }
        const box = layer.getBounds && kind !== "uncertainty"
          ? layer.getBounds() : L.latLngBounds([layer.getLatLng()]);
        bounds.set(number, (bounds.get(number) || L.latLngBounds([])).extend(box));
      },
    }).addTo(groups[type]);
  }

  if (places) {
    L.geoJSON(data.places, {
      pointToLayer: (feature, spot) => L.circleMarker(spot, {
        radius: 3, weight: 1, color: "#57606a", fillColor: "#8c959f", fillOpacity: 0.8,
      }),
      onEachFeature: (feature, layer) => layer.bindTooltip(data.names[feature.properties.place], {
        permanent: feature.properties.label, direction: "right",
        className: feature.properties.label ? "geomap-label" : "",
      }),
    }).addTo(places);
  }

  function current(number) {
    for (const button of document.querySelectorAll("#geomap-panel button[data-event]")) {
      const is = Number(button.dataset.event) === number;
      button.setAttribute("aria-current", String(is));
      if (is) button.scrollIntoView({ block: "nearest" });
    }
  }

  function show(number) {
    const group = groups[data.events[number].type];
    if (!map.hasLayer(group)) group.addTo(map);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    map.fitBounds(bounds.get(number), {
      maxZoom: 10, paddingTopLeft: [60, map.getSize().y / 2], paddingBottomRight: [60, 60], animate: !calm,
    });
    marks.get(number).openPopup();
  }

  for (const button of document.querySelectorAll("#geomap-panel button[data-event]")) {
    button.addEventListener("click", () => show(Number(button.dataset.event)));
  }
  map.on("popupopen", (opened) => {
    const element = opened.popup.getElement();
    element.setAttribute("role", "dialog");
    element.setAttribute("aria-label", "Evidence");
  });
  document.addEventListener("keydown", (key) => {
    if (key.key === "Escape") map.closePopup();
  });

  function count() {
    let shown = 0;
    for (const event of Object.values(data.events)) shown += map.hasLayer(groups[event.type]) ? 1 : 0;
    document.getElementById("geomap-count").textContent =
      `${shown} of ${Object.keys(data.events).length} events shown`;
  }
  function labels() {
    map.getContainer().classList.toggle("geomap-far", map.getZoom() < data.labelsFrom);
  }
  map.on("zoomend", labels);
  map.on("overlayadd overlayremove layeradd layerremove", count);
  if (data.view) map.fitBounds(data.view, { padding: [30, 30], animate: false });
  count();
  labels();
}
