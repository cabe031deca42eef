// Tabs, keys, the list of statements, and the start.

const VIEWS = ["table", "figures", "statements", "sources"];
const lists = { table: "rows", statements: "statement-rows" };
let statementPage = 0;

const slotButtons = () => [...byId(lists[S.view] || "rows").querySelectorAll("[data-slot]")];

function show(view) {
  S.view = view;
  for (const name of VIEWS) {
    byId(`view-${name}`).classList.toggle("shown", name === view);
    byId(`tab-${name}`).setAttribute("aria-selected", String(name === view));
  }
  const split = view === "table" || view === "statements";
  byId("split").classList.toggle("away", !split);
  if (!split) return;
  if (view === "statements") drawStatements();
  else drawTable();
}

function drawStatements() {
  const words = byId("search-statements").value.toLowerCase().split(/\s+/).filter(Boolean);
  byId("only").hidden = !S.only;
  byId("only-whose").textContent = S.only ? `${DATA.papers[S.only.p].cite}, ${S.only.l}` : "";
  const all = (S.only ? S.only.g : [...DATA.said.keys()]).filter((n) => {
    const said = DATA.said[n];
    const text = `${said.g} ${said.t} ${DATA.papers[said.p].cite}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const pages = Math.max(1, Math.ceil(all.length / S.size));
  statementPage = Math.min(statementPage, pages - 1);
  const shown = all.slice(statementPage * S.size, (statementPage + 1) * S.size);
  byId("statement-rows").replaceChildren(...shown.map(drawStatement));
  byId("shown-statements").textContent = `${all.length} statements`;
  byId("statement-pager").hidden = pages === 1;
  byId("statement-range").textContent = `page ${statementPage + 1} of ${pages}`;
  markSelected();
}

/** List the statements about one group. */
function showOnly(row) {
  S.only = row;
  byId("search-statements").value = "";
  statementPage = 0;
  show("statements");
}

function drawStatement(n) {
  const said = DATA.said[n];
  const paper = DATA.papers[said.p];
  return el(
    "tr",
    { "data-row": `s${n}` },
    el(
      "th",
      { scope: "row", class: "col-study" },
      el("button", { type: "button", class: "study", title: paper.title, onclick: () => openPaper(said.p) }, paper.cite),
    ),
    el("td", {}, said.g),
    el("td", {}, drawSlot(`s.${n}`)),
  );
}

/** Go to the value `step` places on; with `fresh`, to the next one nobody has decided on yet. */
function move(step, fresh = false) {
  const all = slotButtons();
  let at = all.findIndex((node) => node.dataset.slot === S.slot);
  if (at < 0 && step < 0) at = all.length;
  for (at += step; at >= 0 && at < all.length; at += step) {
    const { slot } = all[at].dataset;
    if (!fresh || (slotOf(slot).item && !S.marks.has(slot))) {
      openSlot(slot);
      return;
    }
  }
  leaf(step, fresh);
}

/** The values of this page are through: go on with the next page, if there is one. */
function leaf(step, fresh) {
  const button = byId(step > 0 ? "after" : "before");
  if (S.view !== "table" || byId("pager").hidden || button.disabled) {
    say(fresh ? "every value from here on is reviewed" : "no further value");
    return;
  }
  turn(step);
  S.slot = null;
  move(step, fresh);
}

/** Go to the row above or below, into the same column if it has a value there. */
function moveRow(step) {
  const own = slotButtons().find((node) => node.dataset.slot === S.slot);
  if (!own) {
    move(step);
    return;
  }
  const row = own.closest("tr");
  const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  if (!next) return;
  const cell = next.children[[...row.children].indexOf(own.closest("td"))];
  const target = cell.querySelector("[data-slot]");
  if (target) openSlot(target.dataset.slot);
}

const KEYS = {
  a: accept,
  Enter: accept,
  c: correct,
  r: reject,
  s: notStated,
  n: note,
  u: undo,
  ArrowRight: () => move(1),
  ArrowLeft: () => move(-1),
  ArrowDown: () => moveRow(1),
  ArrowUp: () => moveRow(-1),
  Escape: () => showPane(false),
  "?": () => byId("help").showModal(),
};

function onKey(event) {
  const typing = event.target.closest("input, select, textarea, dialog, summary");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const own = event.target.closest("button, a");
  const native = own && own.dataset.slot !== S.slot;
  if (event.key === "Enter" && (native || !S.slot)) return;
  const action = KEYS[event.key];
  if (!action || (S.view !== "table" && S.view !== "statements" && event.key !== "?")) return;
  event.preventDefault();
  action();
}

function setUpViews() {
  for (const name of VIEWS) byId(`tab-${name}`).addEventListener("click", () => show(name));
  byId("search-statements").addEventListener("input", () => {
    statementPage = 0;
    drawStatements();
  });
  byId("only-all").addEventListener("click", () => {
    S.only = null;
    drawStatements();
  });
  const leafStatements = (step) => {
    statementPage = Math.max(0, statementPage + step);
    drawStatements();
  };
  byId("statement-before").addEventListener("click", () => leafStatements(-1));
  byId("statement-after").addEventListener("click", () => leafStatements(1));
  byId("close").addEventListener("click", () => showPane(false));
  byId("save").addEventListener("click", save);
  byId("ask").addEventListener("click", () => byId("help").showModal());
}

/** An address that ends in #words=FILE:START-END opens the paper of that file at those words. */
function openAddress() {
  const found = /^#words=([\w.-]+)(?::(\d+)-(\d+))?$/.exec(location.hash);
  const index = found ? DATA.papers.findIndex((paper) => paper.file === found[1]) : -1;
  if (index < 0) return;
  show("table");
  openPaper(index);
  if (!found[2]) return;
  drawText(index, [[Number(found[2]), Number(found[3])]]);
  const mark = byId("text").querySelector("mark");
  if (mark) mark.scrollIntoView({ block: "center" });
}

function start() {
  document.documentElement.classList.add("live");
  restore();
  setUpTable();
  setUpViews();
  countReviewed();
  show("table");
  openAddress();
  window.addEventListener("hashchange", openAddress);
  document.addEventListener("keydown", onKey);
  window.addEventListener("beforeunload", (event) => {
    if (!S.saved) event.preventDefault();
  });
  window.addEventListener("beforeprint", () => {
    S.size = Infinity;
    S.page = 0;
    drawTable();
    drawStatements();
  });
  window.addEventListener("afterprint", () => {
    S.size = PAGE;
    drawTable();
    drawStatements();
  });
}

start();
