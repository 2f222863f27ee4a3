// Strings: the page's words in the reader's language. Words that come from Python (reasons) or
// from the text stay in theirs.
const tables = JSON.parse(document.getElementById("geomap-strings").textContent);
let language = "en";

function setLanguage(code) {
  if (Object.keys(tables).includes(code)) language = code;
  document.documentElement.lang = language;
}

function say(key, values) {
  const words = tables[language][key] || tables.en[key] || key;
  return values ? words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole)) : words;
}

// The table's word for what the data names by an id, else the data's own.
function sayOr(key, otherwise) {
  return tables[language][key] || otherwise;
}

function dayWords(day, form) {
  return new Intl.DateTimeFormat(language, { timeZone: "UTC", dateStyle: form || "medium" })
    .format(new Date(day * 864e5));
}

function isoDay(day) {
  return new Date(day * 864e5).toISOString().slice(0, 10);
}

function dayOf(iso) {
  const day = /^\d{4}-\d\d-\d\d$/.test(iso) ? Date.parse(`${iso}T00:00:00Z`) / 864e5 : NaN;
  return Number.isInteger(day) ? day : null;
}

function numberWords(number, digits) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits || 0 }).format(number);
}
