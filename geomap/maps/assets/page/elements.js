// Elements: the only makers of elements. A text becomes a text node or an attribute, never HTML,
// so that nothing that an article says can become part of the page.
const SVG = "http://www.w3.org/2000/svg";

function make(tag, props, ...children) {
  return dress(document.createElement(tag), props, children);
}

function makeSvg(tag, props, ...children) {
  return dress(document.createElementNS(SVG, tag), props, children);
}

function dress(element, props, children) {
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(2).filter((one) => one !== null && one !== undefined && one !== ""));
  return element;
}

function fill(element, ...children) {
  element.replaceChildren(...children.flat(2).filter((one) => one !== null && one !== undefined));
  return element;
}

function button(words, onclick, props) {
  return make("button", { type: "button", onclick, ...props }, words);
}

// A checkbox in its label.
function tick(words, checked, onchange, props) {
  const box = make("input", { type: "checkbox", onchange: () => onchange(box.checked), ...props });
  box.checked = checked;
  return make("label", { class: "tick" }, box, words);
}

function isCalm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function isNarrow() {
  return matchMedia("(max-width: 820px)").matches;
}

function later(run, wait) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(run, wait, ...args);
  };
}
