// Decisions of a reviewer: taken, undone, counted, saved.

const NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/;

function verdictButtons(slot) {
  const button = (key, words, action) =>
    el("button", { type: "button", "data-verdict": key, onclick: action }, words, el("kbd", {}, key));
  const value = Boolean(slot.item);
  return el(
    "p",
    { class: "verdicts" },
    value ? button("a", "Accept", accept) : button("s", "Not stated", notStated),
    button("c", value ? "Correct" : "Add value", correct),
    value ? button("r", "Reject", reject) : null,
    button("n", "Note", note),
    button("u", "Undo", undo),
  );
}

/** Put a verdict on the open value; the note stays. */
function decide(mark, onwards = false) {
  const id = S.slot;
  if (!id) return;
  const before = S.marks.get(id);
  S.undo.push({ id, before });
  const kept = before && before.note && mark.note === undefined ? { note: before.note } : {};
  const by = byId("reviewer").value.trim() || (before && before.by) || "";
  S.marks.set(id, { ...kept, ...mark, by, old: before && before.old });
  changed(id, `${VERDICTS[mark.verdict]}`);
  if (onwards && !slotOf(id).other) move(1, true);
}

function changed(id, words) {
  S.saved = false;
  redraw(id);
  if (S.slot === id) drawCard(slotOf(id));
  countReviewed();
  say(words);
}

function accept() {
  const slot = S.slot && slotOf(S.slot);
  if (!slot) return;
  if (!slot.item) {
    move(1, true);
    return;
  }
  const before = S.marks.get(S.slot);
  const kept = before && before.verdict === "correct" ? before : { verdict: "accept" };
  decide({ ...kept }, true);
}

function reject() {
  if (S.slot && slotOf(S.slot).item) decide({ verdict: "reject" }, true);
}

function notStated() {
  if (S.slot && !slotOf(S.slot).item) decide({ verdict: "not stated" }, true);
}

function undo() {
  const last = S.undo.pop();
  if (!last) {
    say("nothing to undo");
    return;
  }
  if (last.before) S.marks.set(last.id, last.before);
  else S.marks.delete(last.id);
  changed(last.id, "undone");
  goTo(last.id);
}

/** Show the page a value stands on, if it passes the filters, and open it. */
function goTo(id) {
  if (!slotButtons().some((node) => node.dataset.slot === id) && S.view === "table" && !id.startsWith("s.")) {
    const place = chosenRows().indexOf(Number(id.split(".")[0]));
    if (place < 0) return;
    S.page = Math.floor(place / S.size);
    drawTable();
  }
  openSlot(id);
}

function ask(children, submit) {
  const wrong = el("p", { class: "wrong", role: "alert" });
  const done = (event) => {
    event.preventDefault();
    const problem = submit();
    wrong.textContent = problem || "";
  };
  const close = () => {
    byId("form").replaceChildren();
    if (S.slot) openSlot(S.slot);
  };
  const form = el(
    "form",
    { onsubmit: done },
    ...children,
    el("button", { type: "submit", class: "main" }, "Save"),
    el("button", { type: "button", onclick: close }, "Cancel"),
    wrong,
  );
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  byId("form").replaceChildren(form);
  const first = form.querySelector("input, select");
  first.focus();
  if (first.select) first.select();
}

function correct() {
  const slot = S.slot && slotOf(S.slot);
  if (!slot) return;
  if (!slot.item) {
    add(slot);
    return;
  }
  const { item } = slot;
  const number = fieldOf(item.f).kind === "number" || (item.f.startsWith("statement:") && typeof item.v === "number");
  const before = S.marks.get(S.slot);
  const now = before && before.verdict === "correct" ? before.corrected : item.v;
  const input = valueInput(item.f, now);
  ask([el("label", {}, "Right value ", ...input.nodes)], () => {
    const { value, wrong } = typed(input.input.value, number);
    if (wrong) return wrong;
    if (value === item.v && !(before && before.old)) return "That is the value as it was read; accept it instead.";
    decide({ verdict: "correct", corrected: value }, true);
    return "";
  });
}

/** A value the reader missed: it needs its words, too. */
function add(slot) {
  const words = selectedWords();
  if (!words) {
    byId("form").replaceChildren(
      el("p", { class: "wrong", role: "alert" }, "First select the words in the paper that say it, then press c."),
    );
    return;
  }
  const names = DATA.columns.find((column) => column.key === slot.key).fields;
  const select = el("select", {}, ...names.map((name) => el("option", { value: name }, fieldOf(name).label)));
  const input = valueInput(names[0], "");
  select.addEventListener("change", () => input.suggest(select.value));
  ask([el("label", {}, "Field ", select), el("label", {}, "Value ", ...input.nodes)], () => {
    const { value, wrong } = typed(input.input.value, fieldOf(select.value).kind === "number");
    if (wrong) return wrong;
    decide({ verdict: "correct", corrected: value, field: select.value, start: words[0], end: words[1] }, true);
    return "";
  });
}

/** An input with the vocabulary of the field as suggestions. */
function valueInput(name, now) {
  const list = el("datalist", { id: "choices" });
  const input = el("input", { type: "text", value: now, list: "choices", autocomplete: "off" });
  const suggest = (field) => list.replaceChildren(...fieldOf(field).choices.map((value) => el("option", { value })));
  suggest(name);
  return { input, suggest, nodes: [input, list] };
}

function typed(words, number) {
  const text = words.trim();
  if (!text) return { wrong: "Write the right value." };
  if (!number) return { value: text };
  if (!NUMBER.test(text)) return { wrong: `"${text}" is not a number; write for example 49 or 37.5.` };
  return { value: Number(text.replace(",", ".")) };
}

function note() {
  const slot = S.slot && slotOf(S.slot);
  if (!slot) return;
  const before = S.marks.get(S.slot);
  const input = el("input", { type: "text", value: before && before.note, autocomplete: "off" });
  ask([el("label", {}, "Note ", input)], () => {
    const words = input.value.trim();
    if (!words && !before) return "Write the note first.";
    decide({ ...(before || { verdict: "note" }), note: words });
    openSlot(S.slot);
    return "";
  });
}

function countReviewed() {
  const counts = { accept: 0, correct: 0, reject: 0, "not stated": 0, note: 0 };
  for (const [id, mark] of S.marks) if (!id.includes(".-.")) counts[mark.verdict] += 1;
  const decided = counts.accept + counts.correct + counts.reject;
  byId("counts").textContent = `${decided.toLocaleString("en")} of ${S.total.toLocaleString("en")} reviewed`;
  const parts = [
    `${counts.accept} accepted`,
    `${counts.correct} corrected`,
    `${counts.reject} rejected`,
    `${counts["not stated"]} not stated`,
  ];
  byId("counts").title = parts.join(", ");
  byId("detail").textContent = parts.join(" · ");
  byId("bar").value = S.total ? decided / S.total : 0;
  byId("save").classList.toggle("dirty", !S.saved);
}

/** All decisions as the records that `spondyl report --decisions` reads. */
function decisions() {
  const out = [...DATA.kept];
  const places = new Map([...S.marks.keys()].map((id) => [id, placeOf(id)]));
  const ids = [...places.keys()].sort((a, b) => {
    const [left, right] = [places.get(a), places.get(b)];
    return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
  });
  for (const id of ids) out.push(...recordsOf(slotOf(id), S.marks.get(id)));
  return { spondyl: DATA.version, decisions: out };
}

/** Where a slot stands: row, column, place in the cell; statements come last. */
function placeOf(id) {
  const [first, key, place] = id.split(".");
  if (first === "s") return [DATA.rows.length, 0, Number(key)];
  return [Number(first), DATA.columns.findIndex((column) => column.key === key), Number(place.replace(/\D/g, ""))];
}

function recordsOf(slot, mark) {
  if (mark.all) return mark.all;
  const paper = DATA.papers[slot.paper].id;
  const base = { paper, case: slot.case, verdict: mark.verdict, corrected: null, start: null, end: null };
  const by = { by: mark.by || "", note: mark.note || "" };
  if (slot.item) return recordOfValue(slot, mark, base, by);
  if (mark.verdict === "correct") {
    const found = { field: mark.field, value: null, corrected: mark.corrected, start: mark.start, end: mark.end };
    return [{ ...base, ...found, ...by }];
  }
  const fields = DATA.columns.find((column) => column.key === slot.key).fields;
  const about = mark.verdict === "note" ? fields.slice(0, 1) : fields;
  return about.map((field) => ({ ...base, field, value: null, ...by }));
}

function recordOfValue({ item }, mark, base, by) {
  const old = mark.old;
  if (old && old.value === null && mark.verdict === "reject") return [];
  const [start, end] = item.s[0] || [null, null];
  const origin = old ? { value: old.value, start: old.start, end: old.end } : { value: item.v, start, end };
  const corrected = mark.verdict === "correct" ? mark.corrected : null;
  return [{ ...base, field: item.f, ...origin, corrected, ...by }];
}

function save() {
  const text = `${JSON.stringify(decisions(), null, 1)}\n`;
  const link = el("a", {
    href: URL.createObjectURL(new Blob([text], { type: "application/json" })),
    download: "decisions.json",
  });
  document.body.append(link);
  link.click();
  link.remove();
  S.saved = true;
  countReviewed();
  say("decisions.json saved; apply it with spondyl report … --decisions decisions.json");
}

/** Marks from the decisions this report was made with. */
function restore() {
  const take = (id, decision, all) =>
    S.marks.set(id, {
      verdict: decision.verdict,
      corrected: decision.corrected,
      note: decision.note,
      by: decision.by,
      old: decision,
      all,
    });
  DATA.rows.forEach((row, index) => {
    for (const [key, items] of Object.entries(row.v)) {
      items.forEach((item, place) => item.d && take(`${index}.${key}.${place}`, item.d));
    }
    (row.o || []).forEach((item, place) => item.d && take(`${index}.-.o${place}`, item.d));
    for (const [key, all] of Object.entries(row.e || {})) take(`${index}.${key}.-`, all[0], all);
  });
  DATA.said.forEach((said, n) => said.d && take(`s.${n}`, said.d));
  S.total = DATA.said.length;
  for (const row of DATA.rows) for (const items of Object.values(row.v)) S.total += items.filter((i) => i.n === undefined).length;
}
