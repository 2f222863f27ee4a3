// Signs: how a type and a factuality look, in list, legend and map alike.

// The bare sign of a type.
function signOf(kind, size) {
  const row = data.types[kind];
  return makeSvg("svg", { class: "sign", viewBox: "0 0 24 24", width: size || 22, height: size || 22, "aria-hidden": "true" },
    makeSvg("path", { d: row.path, fill: "none", stroke: row.colour, "stroke-width": 2.4, "stroke-linejoin": "round", "stroke-linecap": "round" }));
}

// The mark on the map: a disc whose rim and overlay tell the factuality, the sign the type.
function markOf(kind, fact, size) {
  const row = data.types[kind];
  const look = data.looks[fact];
  const unsure = fact > 1;
  return makeSvg("svg", { class: "mark", viewBox: "0 0 30 30", width: size || 30, height: size || 30, "aria-hidden": "true" },
    makeSvg("circle", {
      cx: 15, cy: 15, r: 13, fill: "#fff", stroke: row.colour, "stroke-width": 2.2,
      "stroke-dasharray": rimDash(look.dash),
    }),
    makeSvg("path", {
      d: row.path, transform: "translate(6.6 6.6) scale(.7)", fill: "none", stroke: row.colour,
      "stroke-width": 2.8, "stroke-linejoin": "round", "stroke-linecap": "round", opacity: unsure ? 0.7 : 1,
    }),
    overOf(look));
}

function overOf(look) {
  if (!look.over) return null;
  const across = look.id === "denied" || look.id === "negated";
  const place = across ? "translate(4 4) scale(.92)" : "translate(6 -1)";
  const path = (colour, width) => makeSvg("path", {
    d: look.over, transform: place, fill: "none", stroke: colour, "stroke-width": width, "stroke-linecap": "round",
  });
  // A white edge keeps it apart from the sign beneath.
  return [path("#fff", 5), path("#1b1f24", 2)];
}

function rimDash(dash) {
  return dash ? dash.split(" ").map((part) => Math.max(Number(part) * 0.55, 1.5)).join(" ") : null;
}

// A piece of the line that a factuality has on the map.
function strokeOf(fact) {
  const look = data.looks[fact];
  return makeSvg("svg", { class: "stroke", viewBox: "0 0 44 12", width: 44, height: 12, "aria-hidden": "true" },
    makeSvg("path", { d: "M2 6h40", stroke: "currentColor", "stroke-width": 3, opacity: look.opacity, "stroke-dasharray": look.dash }));
}
