// What a popup of Folium's own asks of jQuery, which is not here: an element from HTML. It is
// the HTML of whoever adds the popup in Python; geomap's own evidence does not come this way.
window.$ = window.$ || function (from) {
  if (typeof from !== "string") return { ready: (run) => run() };
  const frame = document.createElement("template");
  frame.innerHTML = from.trim();
  return [frame.content.firstElementChild];
};
