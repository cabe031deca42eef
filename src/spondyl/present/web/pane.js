// The paper beside the table, with the words of the open value highlighted.

const VERDICTS = {
  accept: "accepted",
  correct: "corrected",
  reject: "rejected",
  "not stated": "confirmed as not stated",
  note: "noted",
};

function showPane(yes) {
  byId("split").classList.toggle("open", yes);
  if (!yes) {
    S.slot = null;
    markSelected();
  }
}

function openPaper(index) {
  S.slot = null;
  showPane(true);
  drawHead(index, null);
  byId("card").replaceChildren(el("p", { class: "hint" }, "Click a value to see the words it came from."));
  drawText(index, []);
  byId("paper").scrollTop = 0;
  markSelected();
}

/** Open a value: its words in the paper, and what can be decided on it. */
function openSlot(id, focus = true) {
  S.slot = id;
  const slot = slotOf(id);
  const spans = slot.item ? slot.item.s : [];
  showPane(true);
  drawHead(slot.paper, slot.row);
  drawCard(slot);
  drawText(slot.paper, spans);
  markSelected();
  const node = slotButtons().find((one) => one.dataset.slot === id);
  if (node && focus) {
    node.focus({ preventScroll: true });
    reveal(node);
  }
  showSpan(0);
}

/** Scroll the table so that a value is clear of the fixed heading and the fixed first column. */
function reveal(node) {
  const box = node.closest(".scroll");
  if (!box) return;
  const [outer, inner] = [box.getBoundingClientRect(), node.getBoundingClientRect()];
  const head = box.querySelector("thead").getBoundingClientRect().height + 8;
  const first = box.querySelector("th.col-study");
  const left = outer.left + (first ? first.getBoundingClientRect().width : 0) + 8;
  if (inner.top < outer.top + head) box.scrollTop -= outer.top + head - inner.top;
  if (inner.bottom > outer.bottom - 12) box.scrollTop += inner.bottom - outer.bottom + 12;
  if (inner.left < left) box.scrollLeft -= left - inner.left;
  if (inner.right > outer.right - 16) box.scrollLeft += inner.right - outer.right + 16;
}

function drawHead(index, row) {
  const paper = DATA.papers[index];
  byId("cite").textContent = paper.cite;
  byId("title").textContent = paper.title || "";
  const about = row && row.l && row.l !== paper.cite ? row.l : "";
  byId("whose").textContent = about;
  byId("plain").setAttribute("href", `papers/${paper.file}`);
}

function drawCard(slot) {
  const { item, row } = slot;
  const mark = S.marks.get(slot.id);
  const name = item ? fieldOf(item.f).label : DATA.columns.find((column) => column.key === slot.key).title;
  const statement = item && item.f.startsWith("statement:");
  const head = el(
    "p",
    { class: "value" },
    el("span", { class: "name" }, statement ? `group: ${item.g}` : name),
    el("strong", {}, ...slotWords(item, mark)),
  );
  const lines = [head, ...remarks(slot, mark)];
  if (item && item.s.length) lines.push(spanButtons(slot));
  lines.push(verdictButtons(slot));
  lines.push(el("div", { id: "form" }));
  if (row && row.o && row.o.length) lines.push(otherReadings(slot));
  byId("card").replaceChildren(...lines);
}

function remarks({ item, row, other }, mark) {
  const out = [];
  const add = (words, kind = "") => out.push(el("p", { class: `remark ${kind}` }, words));
  if (!item && !(mark && mark.verdict === "not stated")) {
    add("The reader found nothing here. That does not mean the paper is silent.");
  }
  if (item && item.o === "denied") add("The paper says that this is absent.");
  if (item && item.o === "clash") {
    const values = Object.values(row.v).flat().filter((one) => one.f === item.f);
    add(`The paper contradicts itself: ${values.map((one) => one.t).join(" / ")}.`, "warn");
  }
  for (const n of (item && item.a) || []) add(`Audit: ${DATA.found[n].m} ${DATA.found[n].c}.`, "warn");
  if (item && item.y === "derived") add(`Derived: ${item.w || "from other words of the paper"}.`);
  else if (item && item.w) add(`${item.w[0].toUpperCase()}${item.w.slice(1)}.`);
  if (item && item.y === "doubtful") add("The words leave room for doubt.", "warn");
  if (other) add("Read, but not chosen for the table; accept it to have it chosen.");
  if (mark) {
    const by = mark.by ? ` by ${mark.by}` : "";
    add(`${VERDICTS[mark.verdict][0].toUpperCase()}${VERDICTS[mark.verdict].slice(1)}${by}${mark.note ? `: ${mark.note}` : "."}`, "done");
  }
  return out;
}

function spanButtons({ item, paper }) {
  const places = item.s.map(([start], n) => {
    const page = pageOf(paperOf(paper), start);
    const words = `${n ? "supports" : "states it"}${page === null ? "" : `, p. ${page}`}`;
    return el("button", { type: "button", class: n ? "place q2" : "place q1", onclick: () => showSpan(n) }, words);
  });
  return el("p", { class: "places" }, ...places);
}

function otherReadings({ row, other }) {
  const index = DATA.rows.indexOf(row);
  const list = row.o.map((item, n) =>
    el(
      "li",
      {},
      `${fieldOf(item.f).label}: `,
      drawSlot(`${index}.-.o${n}`),
    ),
  );
  return el("details", { class: "others", open: other }, el("summary", {}, `Also read, not chosen (${list.length})`), el("ul", {}, ...list));
}

function drawText(index, spans) {
  const nodes = pieces(paperOf(index).text, spans).map(({ text, kind }) =>
    kind ? el("mark", { class: kind === 1 ? "q1" : "q2" }, text) : document.createTextNode(text),
  );
  byId("text").replaceChildren(...nodes);
  byId("text").dataset.paper = index;
}

/** Bring the n-th quote into view. */
function showSpan(n) {
  const slot = S.slot && slotOf(S.slot);
  if (!slot || !slot.item || !slot.item.s.length) return;
  const [unit] = unitsOf(paperOf(slot.paper).text, [slot.item.s[n][0]]);
  let before = 0;
  for (const node of byId("text").childNodes) {
    if (before + node.textContent.length > unit) {
      const target = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
      const box = byId("paper");
      const away = target.getBoundingClientRect().top - box.getBoundingClientRect().top;
      box.scrollTop += away - box.clientHeight / 3;
      return;
    }
    before += node.textContent.length;
  }
}

/** What is selected in the paper, as [start, end] in code points, or null. */
function selectedWords() {
  const selection = window.getSelection();
  const box = byId("text");
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!box.contains(range.startContainer) || !box.contains(range.endContainer)) return null;
  const text = paperOf(Number(box.dataset.paper)).text;
  const before = document.createRange();
  before.setStart(box, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  const end = start + range.toString().length;
  return start < end ? [pointOf(text, start), pointOf(text, end)] : null;
}
