// Crowd: more events than elements can be made for, on one canvas. What is near each other is
// drawn as one disc with its number and the share of each type; what stands alone, as its sign.
const CELL_PX = 56;
const MOST_SHAPES = 400;
const Crowd = L.Renderer.extend({
  options: { padding: 0.35, pane: "geomap-crowd" },

  _initContainer() {
    this._container = make("canvas", { "aria-hidden": "true" });
    this._pen = this._container.getContext("2d");
    this.signs = data.types.map((row) => new Path2D(row.path));
    this.overs = data.looks.map((look) => (look.over ? new Path2D(look.over) : null));
    this.items = [];
  },

  _destroyContainer() {
    this._container.remove();
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    fitCanvas(this);
    this.draw();
  },

  redraw() {
    if (this._map) this._update();
  },

  // Sum up the events by cells that stay where they are when the map is moved.
  cells() {
    const scale = 256 * 2 ** this._map.getZoom();
    const origin = this._map.getPixelOrigin();
    const { min, max } = this._bounds;
    const left = Math.floor((min.x + origin.x) / CELL_PX);
    const top = Math.floor((min.y + origin.y) / CELL_PX);
    const wide = Math.floor((max.x + origin.x) / CELL_PX) - left + 1;
    const high = Math.floor((max.y + origin.y) / CELL_PX) - top + 1;
    const kinds = data.types.length;
    const count = new Int32Array(wide * high);
    const [sumX, sumY] = [new Float64Array(wide * high), new Float64Array(wide * high)];
    const byKind = new Int32Array(wide * high * kinds);
    const first = new Int32Array(wide * high);
    for (const i of Filters.drawn) {
      const [x, y] = [worldX[i] * scale, worldY[i] * scale];
      const [column, row] = [Math.floor(x / CELL_PX) - left, Math.floor(y / CELL_PX) - top];
      if (column < 0 || row < 0 || column >= wide || row >= high) continue;
      const cell = row * wide + column;
      if (!count[cell]) first[cell] = i;
      count[cell] += 1;
      sumX[cell] += x;
      sumY[cell] += y;
      byKind[cell * kinds + events.type[i]] += 1;
    }
    const items = [];
    for (let cell = 0; cell < count.length; cell += 1) {
      if (!count[cell]) continue;
      items.push({
        x: sumX[cell] / count[cell] - origin.x, y: sumY[cell] / count[cell] - origin.y, count: count[cell], first: first[cell],
        kinds: byKind.subarray(cell * kinds, (cell + 1) * kinds), column: (cell % wide) + left, row: Math.floor(cell / wide) + top,
      });
    }
    return items;
  },

  draw() {
    this.items = this.cells();
    Shown.labels.marks = this.items.map((item) => [item.x, item.y, item.count > 1 ? discRadius(item.count) : 11]);
    Shown.labels.redraw();
    const single = this.items.filter((item) => item.count === 1);
    if (single.length <= MOST_SHAPES) single.forEach((item) => this.drawShape(item.first));
    for (const item of this.items) {
      if (item.count === 1) this.drawSign(item);
      else this.drawDisc(item);
    }
  },

  drawShape(i) {
    const number = events.shape[i];
    if (number < 0) return;
    const style = styleOf(i, data.shapes[number].type.endsWith("LineString"));
    const pen = this._pen;
    pen.beginPath();
    for (const line of linesOf(data.shapes[number])) {
      line.forEach(([lon, lat], place) => {
        const at = this._map.latLngToLayerPoint([lat, lon]);
        if (place) pen.lineTo(at.x, at.y);
        else pen.moveTo(at.x, at.y);
      });
    }
    Object.assign(pen, { strokeStyle: style.color, fillStyle: style.color, lineWidth: style.weight, globalAlpha: style.opacity });
    pen.setLineDash(style.dashArray ? style.dashArray.split(" ").map(Number) : []);
    pen.stroke();
    if (style.fill) {
      pen.globalAlpha = style.fillOpacity;
      pen.fill("evenodd");
    }
    pen.globalAlpha = 1;
    pen.setLineDash([]);
  },

  drawSign({ x, y, first }) {
    const pen = this._pen;
    const row = data.types[events.type[first]];
    const dash = data.looks[events.fact[first]].dash;
    pen.beginPath();
    pen.arc(x, y, 12, 0, 7);
    Object.assign(pen, { fillStyle: "#fff", strokeStyle: row.colour, lineWidth: 2, lineCap: "round", lineJoin: "round" });
    pen.fill();
    pen.setLineDash(dash ? rimDash(dash).split(" ").map(Number) : []);
    pen.stroke();
    pen.setLineDash([]);
    pen.save();
    pen.translate(x - 8, y - 8);
    pen.scale(0.67, 0.67);
    pen.lineWidth = 2.8;
    pen.stroke(this.signs[events.type[first]]);
    const over = this.overs[events.fact[first]];
    if (over) {
      pen.translate(3, -5);
      Object.assign(pen, { strokeStyle: "#1b1f24", lineWidth: 2.4 });
      pen.stroke(over);
    }
    pen.restore();
  },

  drawDisc({ x, y, count, kinds }) {
    const pen = this._pen;
    const radius = discRadius(count);
    let angle = -Math.PI / 2;
    kinds.forEach((share, kind) => {
      if (!share) return;
      const next = angle + 2 * Math.PI * share / count;
      pen.beginPath();
      pen.moveTo(x, y);
      pen.arc(x, y, radius, angle, next);
      pen.fillStyle = data.types[kind].colour;
      pen.fill();
      angle = next;
    });
    pen.beginPath();
    pen.arc(x, y, radius - 5, 0, 7);
    pen.fillStyle = "#fff";
    pen.fill();
    Object.assign(pen, { fillStyle: "#1b1f24", font: "600 12px system-ui, sans-serif", textAlign: "center", textBaseline: "middle" });
    pen.fillText(count < 1000 ? count : `${(count / 1000).toFixed(count < 1e4 ? 1 : 0)}k`, x, y);
  },

  // What lies under a point of the map's box.
  itemAt(point) {
    const at = this._map.containerPointToLayerPoint(point);
    let found = null;
    for (const item of this.items) {
      const reach = item.count === 1 ? 14 : discRadius(item.count) + 2;
      if (Math.hypot(item.x - at.x, item.y - at.y) <= reach) found = item;
    }
    return found;
  },

  membersOf(item) {
    const scale = 256 * 2 ** this._map.getZoom() / CELL_PX;
    return Filters.drawn.filter((i) => Math.floor(worldX[i] * scale) === item.column && Math.floor(worldY[i] * scale) === item.row);
  },
});

function discRadius(count) {
  return Math.min(15 + 3.2 * Math.log10(count) * 1.6, CELL_PX / 2 - 1);
}

function linesOf(geometry) {
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(linesOf);
  const { type, coordinates } = geometry;
  if (type === "LineString") return [coordinates];
  if (type === "MultiLineString" || type === "Polygon") return coordinates;
  return type === "MultiPolygon" ? coordinates.flat() : [];
}

// The crowd answers clicks: a sign opens its evidence, a disc opens up or lists what is in it.
function startCrowd(map) {
  const crowd = new Crowd().addTo(map);
  map.on("click", (click) => {
    const item = crowd.itemAt(click.containerPoint);
    if (!item) return;
    const members = crowd.membersOf(item);
    const box = L.latLngBounds(members.map((i) => [events.lat[i], events.lon[i]]));
    const isOneSpot = box.getNorth() - box.getSouth() < 1e-4 && box.getEast() - box.getWest() < 1e-4;
    if (members.length === 1) Shown.open(members[0], { stay: true });
    else if (isOneSpot || map.getZoom() >= map.getMaxZoom()) Shown.popup(box.getCenter(), eventButtons(members), say("events_here", { n: numberWords(members.length) }));
    else map.fitBounds(box, { padding: [60, 60], animate: !isCalm() });
  });
  map.on("mousemove", (move) => {
    map.getContainer().classList.toggle("pointing", crowd.itemAt(move.containerPoint) !== null);
  });
  return crowd;
}
