// Shapes: the ring, sector, line or radius of an event as Leaflet layers.

// A fill that fades towards the rim, one for each type: the true place lies somewhere within.
function fadeDefinitions() {
  const fades = data.types.map((row, kind) => makeSvg("radialGradient", { id: `geomap-fade-${kind}` },
    makeSvg("stop", { offset: 0, "stop-color": row.colour, "stop-opacity": 0.38 }),
    makeSvg("stop", { offset: 1, "stop-color": row.colour, "stop-opacity": 0.04 })));
  return makeSvg("svg", { width: 0, height: 0, class: "fades", "aria-hidden": "true" }, makeSvg("defs", {}, fades));
}

function styleOf(i, isLine) {
  const look = data.looks[events.fact[i]];
  return {
    color: data.types[events.type[i]].colour, weight: isLine ? 4 : 3, opacity: look.opacity,
    fillOpacity: look.fill, fill: !isLine, dashArray: look.dash,
  };
}

function shapesOf(i) {
  const layers = [];
  const number = events.shape[i];
  if (number < 0) {
    const km = events.uncertainty[i];
    if (km) {
      layers.push(L.circle([events.lat[i], events.lon[i]], {
        radius: km * 1000, interactive: false, color: data.types[events.type[i]].colour, weight: 1, opacity: 0.55,
        dashArray: "2 4", fillColor: `url(#geomap-fade-${events.type[i]})`, fillOpacity: 1,
      }));
    }
    return layers;
  }
  const geometry = data.shapes[number];
  const isLine = geometry.type.endsWith("LineString");
  const shape = L.geoJSON(geometry, {
    style: styleOf(i, isLine), pointToLayer: (_, spot) => L.circleMarker(spot, { ...styleOf(i, false), radius: 4 }),
  });
  layers.push(shape);
  if (isLine) layers.push(arrowOf(i, geometry));
  return layers;
}

function arrowOf(i, geometry) {
  const lines = geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates;
  const line = lines[lines.length - 1];
  const end = line[line.length - 1];
  const [fromX, fromY] = toWorld(...line[line.length - 2]);
  const [toX, toY] = toWorld(...end);
  const angle = Math.atan2(toY - fromY, toX - fromX) * 180 / Math.PI;
  const html = makeSvg("svg", { viewBox: "-12 -12 24 24", width: 24, height: 24, "aria-hidden": "true" },
    makeSvg("path", { d: "M-10-7L2 0l-12 7z", fill: data.types[events.type[i]].colour, transform: `rotate(${angle.toFixed(1)})` }));
  return L.marker([end[1], end[0]], {
    interactive: false, keyboard: false, icon: L.divIcon({ className: "geomap-arrow", iconSize: [24, 24], html }),
  });
}

function boundsOfEvent(i) {
  const km = events.uncertainty[i] || 1;
  const number = events.shape[i];
  if (number >= 0) return L.geoJSON(data.shapes[number]).getBounds();
  return L.latLng(events.lat[i], events.lon[i]).toBounds(Math.min(km, 60) * 2000);
}
