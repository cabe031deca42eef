// Quotes are counted in Unicode code points; strings of this language in UTF-16 units. Here one becomes the other.

const HIGH = /[\ud800-\udbff]/;

/** UTF-16 index of each of the given code point offsets, which must be in rising order. */
function unitsOf(text, points) {
  if (!HIGH.test(text)) return points.slice();
  const out = [];
  let unit = 0;
  let point = 0;
  for (const wanted of points) {
    while (point < wanted && unit < text.length) {
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
      point += 1;
    }
    out.push(unit);
  }
  return out;
}

/** Code point offset of a UTF-16 index. */
function pointOf(text, unit) {
  if (!HIGH.test(text)) return unit;
  let point = 0;
  for (let at = 0; at < unit; point += 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return point;
}

/** Cut a text at spans [start, end] in code points: pieces {text, kind}, kind 0 plain, 1 stating, 2 supporting. */
function pieces(text, spans) {
  const points = [...new Set(spans.flat())].sort((a, b) => a - b);
  const units = unitsOf(text, points);
  const cuts = [0, ...units, text.length];
  const starts = [0, ...points];
  const out = [];
  for (let n = 0; n + 1 < cuts.length; n += 1) {
    if (cuts[n] === cuts[n + 1]) continue;
    const place = spans.findIndex(([start, end]) => start <= starts[n] && starts[n] < end);
    const kind = n === 0 || place < 0 ? 0 : place === 0 ? 1 : 2;
    out.push({ text: text.slice(cuts[n], cuts[n + 1]), kind });
  }
  return out;
}
