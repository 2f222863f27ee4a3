// Fragment: what is shown, in the address behind "#", so that a view can be sent. Everything
// that comes out of it is checked against the data: it may have been written by anybody.
const Fragment = {
  own: "",

  read() {
    const parts = new URLSearchParams(location.hash.slice(1));
    const found = {};
    const ids = (key, rows) => {
      const wanted = (parts.get(key) || "").split(",").map((one) => rows.findIndex((row) => encode(row.id) === one));
      return parts.has(key) ? new Set(wanted.filter((one) => one >= 0)) : null;
    };
    found.types = ids("type", data.types);
    found.facts = ids("fact", data.looks);
    found.query = (parts.get("q") || "").slice(0, 200);
    found.who = parts.get("who") || "";
    found.source = parts.get("source") || "";
    found.least = within(Number(parts.get("conf")), 0, 100);
    found.from = dayOf(parts.get("from") || "");
    found.to = dayOf(parts.get("to") || "");
    found.undated = parts.get("undated") !== "0";
    found.places = parts.get("places") !== "0";
    found.language = parts.get("lang");
    const event = parts.has("event") ? Number(parts.get("event")) : -1;
    found.event = Number.isInteger(event) && event >= 0 && event < total ? event : -1;
    const view = (parts.get("view") || "").split(",").map(Number);
    const isView = view.length === 3 && view.every(Number.isFinite) && Math.abs(view[0]) <= 90 && Math.abs(view[1]) <= 720;
    found.view = isView ? view : null;
    return found;
  },

  write(state, map) {
    const parts = new URLSearchParams();
    const put = (key, value, is) => { if (is) parts.set(key, value); };
    const ids = (chosen, rows) => [...chosen].sort((a, b) => a - b).map((one) => encode(rows[one].id)).join(",");
    if (state.types) parts.set("type", ids(state.types, data.types));
    put("fact", ids(state.facts, data.looks), !sameSet(state.facts, Filters.usualFacts()));
    put("q", state.query, state.query);
    put("who", state.who, state.who);
    put("source", state.source, state.source);
    put("conf", state.least, state.least > 0);
    if (state.from !== null) parts.set("from", isoDay(state.from));
    if (state.to !== null) parts.set("to", isoDay(state.to));
    put("undated", "0", !state.undated);
    put("places", "0", !state.places);
    put("event", state.event, state.event >= 0);
    put("lang", language, language !== data.language);
    const centre = map.getCenter();
    parts.set("view", [centre.lat.toFixed(4), centre.lng.toFixed(4), map.getZoom()].join(","));
    this.own = `#${parts}`;
    try {
      history.replaceState(null, "", this.own);
    } catch (refused) {
      // A page inside a notebook's frame has no address of its own.
    }
  },
};

function encode(id) {
  return encodeURIComponent(id);
}

function within(number, least, most) {
  return Number.isFinite(number) ? Math.min(Math.max(number, least), most) : least;
}

function sameSet(one, other) {
  return one.size === other.size && [...one].every((member) => other.has(member));
}
