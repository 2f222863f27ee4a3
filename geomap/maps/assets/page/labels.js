// Labels: the names of places in the texts and of main towns, on a canvas under the marks; a name
// that would lie on another one is left out. They are seen only: the list of names can be read.
const MOST_LABELS = 160;
const MOST_TRIES = 500;
const widths = new Map();

// Lay a renderer's canvas over the bounds that it covers.
function fitCanvas(renderer) {
  const { _container: canvas, _pen: pen, _bounds: bounds } = renderer;
  const size = bounds.getSize();
  const sharp = L.Browser.retina ? 2 : 1;
  L.DomUtil.setPosition(canvas, bounds.min);
  canvas.width = sharp * size.x;
  canvas.height = sharp * size.y;
  canvas.style.width = `${size.x}px`;
  canvas.style.height = `${size.y}px`;
  pen.scale(sharp, sharp);
  pen.translate(-bounds.min.x, -bounds.min.y);
}

const Labels = L.Renderer.extend({
  options: { padding: 0.25, pane: "geomap-labels" },

  _initContainer() {
    this._container = make("canvas", { "aria-hidden": "true", class: "geomap-labels" });
    this._pen = this._container.getContext("2d");
  },

  _destroyContainer() {
    this._container.remove();
  },

  // Both the map and the marks ask for it when the map has moved: drawn once for both.
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => { if (this._map) this.paint(); });
  },

  paint() {
    fitCanvas(this);
    this.draw();
  },

  redraw() {
    if (this._map) this._update();
  },

  draw() {
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--label").trim();
    const halo = style.getPropertyValue("--land").trim();
    this.taken = new Set();
    this.names = new Set();
    for (const [x, y, reach = 11] of this.marks || []) this.take(x - reach, y - reach, 2 * reach, 2 * reach, true);
    const font = "system-ui, sans-serif";
    let tries = MOST_TRIES;
    for (const number of this.places) {
      if (!tries || this.names.size >= MOST_LABELS) break;
      const [name, , , lon, lat] = data.places[number];
      tries -= this.label(textOf(name), lon, lat, { font: `600 12.5px ${font}`, ink, halo, dot: 0 });
    }
    // Some main towns, the more the nearer.
    const least = 4e6 / 4 ** (this._map.getZoom() - 4);
    for (const [name, lon, lat, people] of data.towns) {
      if (people < least || this.names.size >= MOST_LABELS) break;
      this.label(name, lon, lat, { font: `11px ${font}`, ink, halo, dot: 2 });
    }
  },

  // Write a name if there is room; tells whether it lies in the view at all.
  label(name, lon, lat, { font, ink, halo, dot }) {
    const at = this._map.latLngToLayerPoint([lat, lon]);
    if (!this._bounds.contains(at) || this.names.has(name)) return 0;
    const pen = this._pen;
    pen.font = font;
    const key = font + name;
    if (!widths.has(key)) widths.set(key, pen.measureText(name).width);
    const wide = widths.get(key);
    // Beside its place, else left of it, below or above.
    const spots = [[7, 0], [-7 - wide, 0], [-wide / 2, 14], [-wide / 2, -14], [18, 0], [-18 - wide, 0]];
    const free = spots.find(([x, y]) => this.take(at.x + x - 2, at.y + y - 7, wide + 4, 14));
    if (!free) return 1;
    this.names.add(name);
    Object.assign(pen, { fillStyle: ink, strokeStyle: halo, lineWidth: 3, lineJoin: "round", textBaseline: "middle", globalAlpha: dot ? 0.8 : 1 });
    if (dot) {
      pen.beginPath();
      pen.arc(at.x, at.y, dot, 0, 7);
      pen.fill();
    }
    pen.strokeText(name, at.x + free[0], at.y + free[1]);
    pen.fillText(name, at.x + free[0], at.y + free[1]);
    pen.globalAlpha = 1;
    return 1;
  },

  // Take the cells of a box, if all of them are free, or by force.
  take(x, y, wide, high, force) {
    const [left, right] = [Math.floor(x / 8), Math.floor((x + wide) / 8)];
    const [top, bottom] = [Math.floor(y / 8), Math.floor((y + high) / 8)];
    for (let row = top; row <= bottom && !force; row += 1) {
      for (let column = left; column <= right; column += 1) if (this.taken.has(row * 65536 + column)) return false;
    }
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) this.taken.add(row * 65536 + column);
    }
    return true;
  },
});

// The land, its borders and the borders of regions, drawn once under all else.
function drawBasemap(map) {
  map.createPane("geomap-land").style.zIndex = 150;
  const quiet = { pane: "geomap-land", interactive: false };
  L.geoJSON(data.land, { ...quiet, style: { className: "land", stroke: false, fillOpacity: 1 } }).addTo(map);
  const lines = { type: "MultiLineString", coordinates: data.regions };
  if (data.regions.length) L.geoJSON(lines, { ...quiet, style: { className: "region", weight: 0.8, fill: false } }).addTo(map);
  L.geoJSON(data.borders, { ...quiet, style: { className: "border", weight: 1.4, fill: false } }).addTo(map);
}
