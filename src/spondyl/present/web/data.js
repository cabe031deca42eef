// The data of the page, and the small helpers every other part uses. Text from papers is only ever set as text.

const DATA = JSON.parse(document.getElementById("data").textContent);
const PAGE = 100; // rows drawn at a time
const S = {
  view: "table", // which list the keys move in: "table" or "statements"
  slot: null, // id of the value that is open
  page: 0,
  size: PAGE,
  sort: null, // {key, down}
  more: false,
  only: null, // the group row whose statements alone are listed
  expanded: new Set(),
  marks: new Map(), // slot id → {verdict, corrected, note, by, field, start, end, old}
  undo: [],
  saved: true,
};

const byId = (id) => document.getElementById(id);

/** An element with attributes (on… are listeners) and children; strings become text nodes. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const fieldOf = (name) => DATA.fields[name] || { label: name.replaceAll("_", " "), kind: "text", choices: [] };

/** Everything about a slot: a value of a row ("3.age.0"), an empty cell ("3.age.-"), a statement ("s.12"). */
function slotOf(id) {
  const [first, key, place] = id.split(".");
  if (first === "s") {
    const said = DATA.said[Number(key)];
    return { id, paper: said.p, case: 0, item: said, key: null, row: null };
  }
  const row = DATA.rows[Number(first)];
  const found = place === "-" ? null : place[0] === "o" ? row.o[Number(place.slice(1))] : row.v[key][Number(place)];
  return { id, paper: row.p, case: row.c, item: found, key, row, other: key === "-" };
}

/** The items of a cell with the ids of their slots; an item {n} stands for a statement. */
function itemsOf(index, key) {
  const items = DATA.rows[index].v[key] || [];
  return items.map((item, place) =>
    item.n === undefined ? { id: `${index}.${key}.${place}`, item } : { id: `s.${item.n}`, item: DATA.said[item.n] },
  );
}

const papers = new Map();

/** The canonical text and the pages of a paper; parsed when first asked for. */
function paperOf(index) {
  if (!papers.has(index)) papers.set(index, JSON.parse(byId(`paper-${index}`).textContent));
  return papers.get(index);
}

function pageOf(paper, point) {
  const page = paper.pages.find(([, start, end]) => start <= point && point < end);
  return page ? page[0] : null;
}

let quiet = 0;

/** Say what happened, aloud to a screen reader and for a moment at the foot of the page. */
function say(words) {
  byId("said").textContent = words;
  clearTimeout(quiet);
  quiet = setTimeout(() => byId("said").replaceChildren(), 2500);
}
