// The evidence table: rows in pages, sorted and filtered.

const KINDS = { patient: "patient", cited: "cited", group: "group" };
const SHOWN_STATEMENTS = 5;

const textsOf = (index) => {
  const row = DATA.rows[index];
  if (!row.words) {
    const cells = DATA.columns.flatMap((column) => itemsOf(index, column.key).map(({ item }) => item.t));
    const paper = DATA.papers[row.p];
    row.words = [paper.cite, paper.title, row.l, row.k, ...cells].join(" ").toLowerCase();
  }
  return row.words;
};

const has = (index, key, field, wanted) =>
  itemsOf(index, key).some(({ item }) => item.f === field && String(item.v) === wanted);

/** Indices of the rows that pass the filters, in the order asked for. */
function chosenRows() {
  const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const kind = byId("kind").value;
  const primary = byId("primary").value;
  const region = byId("region").value;
  const rows = [...DATA.rows.keys()].filter(
    (index) =>
      (!kind || DATA.rows[index].k === kind) &&
      (!primary || has(index, "primary", "diagnosis", primary)) &&
      (!region || has(index, "site", "regions", region)) &&
      words.every((word) => textsOf(index).includes(word)),
  );
  return S.sort ? rows.sort(compare(S.sort)) : rows;
}

function sortKey(index, key) {
  const row = DATA.rows[index];
  if (key === "study") return `${DATA.papers[row.p].cite} ${row.l}`.toLowerCase();
  const items = itemsOf(index, key);
  if (!items.length) return null;
  return typeof items[0].item.v === "number" ? items[0].item.v : items.map(({ item }) => item.t).join(" ");
}

/** Numbers before words, in the order asked for; empty cells last, whatever the order. */
function compare({ key, down }) {
  return (left, right) => {
    const [a, b] = [sortKey(left, key), sortKey(right, key)];
    if (a === null || b === null) return (a === null) - (b === null) || left - right;
    if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
    const order = typeof a === "number" ? a - b : a < b ? -1 : a > b ? 1 : 0;
    return (down ? -order : order) || left - right;
  };
}

function drawTable() {
  const rows = chosenRows();
  const pages = Math.max(1, Math.ceil(rows.length / S.size));
  S.page = Math.min(S.page, pages - 1);
  const shown = rows.slice(S.page * S.size, (S.page + 1) * S.size);
  byId("rows").replaceChildren(...shown.map(drawRow));
  byId("evidence").classList.toggle("with-more", S.more);
  for (const head of document.querySelectorAll("#evidence th[data-key]")) {
    const own = S.sort && S.sort.key === head.dataset.key;
    head.setAttribute("aria-sort", own ? (S.sort.down ? "descending" : "ascending") : "none");
  }
  const from = rows.length ? S.page * S.size + 1 : 0;
  byId("shown").textContent =
    rows.length === DATA.rows.length ? `${rows.length} rows` : `${rows.length} of ${DATA.rows.length} rows`;
  byId("pager").hidden = pages === 1;
  byId("range").textContent = `${from}–${from + shown.length - 1} of ${rows.length}`;
  byId("before").disabled = S.page === 0;
  byId("after").disabled = S.page === pages - 1;
  byId("none").hidden = rows.length > 0;
  markSelected();
}

function drawRow(index) {
  const row = DATA.rows[index];
  const cells = DATA.columns.map((column) =>
    el("td", { class: `col-${column.key}${column.more ? " more" : ""}` }, ...drawCell(index, column)),
  );
  return el("tr", { class: `kind-${row.k}`, "data-row": index }, drawStudy(index), ...cells);
}

function drawStudy(index) {
  const row = DATA.rows[index];
  const paper = DATA.papers[row.p];
  const name = el(
    "button",
    { type: "button", class: "study", title: paper.title, onclick: () => openPaper(row.p) },
    row.r && row.l ? row.l : paper.cite,
  );
  const lines = [name];
  if (paper.new) lines.push(el("span", { class: "chip new" }, "new"));
  const group = row.k === "group" ? "group, " : "";
  if (row.r) lines.push(el("div", { class: "about" }, `${group}as reported by ${paper.cite}`));
  else if (row.k === "group") lines.push(el("div", { class: "about" }, "group: ", row.l));
  else if (row.l && row.l !== paper.cite) lines.push(el("div", { class: "about" }, row.l));
  if (row.g) {
    const words = `${row.g.length} ${row.g.length === 1 ? "statement" : "statements"}`;
    lines.push(el("button", { type: "button", class: "expand", onclick: () => showOnly(row) }, words));
  }
  if (row.same) lines.push(el("div", { class: "about" }, `own paper: ${row.same}`));
  return el("th", { scope: "row", class: "col-study" }, ...lines);
}

function drawCell(index, column) {
  const items = itemsOf(index, column.key);
  if (!items.length) return [drawSlot(`${index}.${column.key}.-`)];
  const lines = new Map();
  for (const one of items) {
    const name = one.id.startsWith("s.") ? one.id : one.item.f;
    if (!lines.has(name)) lines.set(name, []);
    lines.get(name).push(one);
  }
  const drawn = [...lines.values()].map(drawLine);
  const place = `${index}.${column.key}`;
  if (drawn.length <= SHOWN_STATEMENTS + 1 || S.expanded.has(place) || DATA.rows[index].k !== "group") return drawn;
  const rest = drawn.length - SHOWN_STATEMENTS;
  const open = () => {
    S.expanded.add(place);
    drawTable();
  };
  return [
    ...drawn.slice(0, SHOWN_STATEMENTS),
    el("button", { type: "button", class: "expand", onclick: open }, `+ ${rest} more`),
  ];
}

/** The values of one field on one line; values that contradict each other with a stroke between them. */
function drawLine(items) {
  const clash = items.some(({ item }) => item.o === "clash");
  const prefix = fieldOf(items[0].item.f).prefix;
  const line = el("div", { class: clash ? "line clash" : "line" });
  if (clash) line.append(el("span", { class: "sign", title: "The paper contradicts itself" }, "≠"));
  if (prefix && !items[0].id.startsWith("s.")) line.append(el("span", { class: "prefix" }, prefix));
  items.forEach(({ id }, n) => {
    const last = n === items.length - 1;
    const pair = el("span", { class: "pair" }, drawSlot(id), last || clash ? "" : ",");
    line.append(pair, last ? "" : clash ? " / " : " ");
  });
  return line;
}

/** One value as a button, with what was decided on it. */
function drawSlot(id) {
  const { item } = slotOf(id);
  const mark = S.marks.get(id);
  const node = el("button", { type: "button", "data-slot": id, tabindex: "-1", onclick: () => openSlot(id) });
  const classes = ["v"];
  if (!item) classes.push("empty");
  if (item && item.o) classes.push(item.o);
  if (item && item.y) classes.push(item.y);
  if (mark) classes.push(mark.verdict.replace(" ", "-"));
  node.className = classes.join(" ");
  node.append(...slotWords(item, mark));
  return node;
}

function slotWords(item, mark) {
  const words = item ? item.t : "not found";
  const sign = auditSign(item);
  return sign ? [...decidedWords(item, mark, words), sign] : decidedWords(item, mark, words);
}

/** A sign beside a value that an audit finding touches. */
function auditSign(item) {
  const found = ((item && item.a) || []).map((n) => DATA.found[n]);
  if (!found.length) return null;
  return el("span", { class: "audit", role: "img", "aria-label": "touched by an audit finding", title: found.map((one) => one.m).join("\n") });
}

function decidedWords(item, mark, words) {
  if (!mark) return [words];
  const note = mark.note ? [el("span", { class: "tick", title: mark.note }, "※")] : [];
  const tick = (sign, title) => el("span", { class: "tick", title }, sign);
  if (mark.verdict === "accept") return [words, tick("✓", "accepted"), ...note];
  if (mark.verdict === "reject") return [el("s", {}, words), tick("✗", "rejected"), ...note];
  if (mark.verdict === "not stated") return ["not stated", tick("✓", "confirmed by a reviewer"), ...note];
  if (mark.verdict === "correct") {
    const was = mark.old ? mark.old.value : item ? item.v : null;
    const before = was === null || was === undefined ? [] : [el("s", { class: "was" }, shownValue(was))];
    return [shownValue(mark.corrected), tick("✎", "corrected"), ...before, ...note];
  }
  return [words, ...note];
}

const shownValue = (value) => (typeof value === "number" ? String(value) : String(value).replaceAll("_", " "));

/** Draw one value anew wherever it stands. */
function redraw(id) {
  for (const node of document.querySelectorAll(`[data-slot="${CSS.escape(id)}"]`)) node.replaceWith(drawSlot(id));
  markSelected();
}

function markSelected() {
  for (const node of document.querySelectorAll(".v.selected")) {
    node.classList.remove("selected");
    node.tabIndex = -1;
  }
  const all = slotButtons();
  const own = all.filter((node) => node.dataset.slot === S.slot);
  own.forEach((node) => node.classList.add("selected"));
  const focusable = own[0] || all[0];
  if (focusable) focusable.tabIndex = 0;
}

function setUpTable() {
  const again = () => {
    S.page = 0;
    drawTable();
  };
  byId("search").addEventListener("input", again);
  for (const id of ["kind", "primary", "region"]) byId(id).addEventListener("change", again);
  byId("before").addEventListener("click", () => turn(-1));
  byId("after").addEventListener("click", () => turn(1));
  byId("more").addEventListener("change", () => {
    S.more = byId("more").checked;
    drawTable();
  });
  for (const head of document.querySelectorAll("#evidence th[data-key]")) {
    head.querySelector("button").addEventListener("click", () => {
      const key = head.dataset.key;
      const own = S.sort && S.sort.key === key;
      S.sort = own && S.sort.down ? null : { key, down: Boolean(own) };
      again();
    });
  }
}

function turn(step) {
  S.page = Math.max(0, S.page + step);
  drawTable();
  byId("scroll").scrollTop = 0;
}
