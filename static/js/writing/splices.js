// Edits of a text, as [start, end, text]: what stood from `start` to `end` became `text`. Positions are UTF-16 units.
// Pure: nothing here knows the page.

const space = (character) => character === undefined || /\s/.test(character);

// What one keystroke (or paste, or cut) did. `caret` is where it left the caret: it decides between equal letters.
export function splice(before, after, caret) {
  const tail = after.length - Math.max(caret, 0);
  const most = Math.min(before.length, after.length);
  let end = 0;
  while (end < Math.min(tail, most) && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  let start = 0;
  while (start < most - end && before[start] === after[start]) start += 1;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return [start, before.length - end, after.slice(start, after.length - end)];
}

// The same edits on a text in which `local` was done since. Nothing that either put in is lost: what was typed here
// stays, and theirs follows it.
export function rebase(edits, [from, to, put]) {
  const grown = put.length - (to - from);
  return edits.flatMap(([start, end, text]) => {
    if (start >= to) return [[start + grown, end + grown, text]];
    if (end <= from) return [[start, end, text]];
    const here = from + put.length;
    const rest = [here, here + Math.max(0, end - to), text];
    return start < from ? [[start, from, ""], rest] : [rest];
  });
}

// The text after these edits, exactly.
export function carryOut(value, edits) {
  let done = "", at = 0;
  for (const [start, end, text] of edits) { done += value.slice(at, start) + text; at = end; }
  return done + value.slice(at);
}

// The text after these edits, and where each of `positions` is then. Words that come in at a caret stand behind it; two
// words that meet stay two.
export function take(value, edits, positions = []) {
  let done = "", at = 0;
  const moved = [...positions];
  for (const [start, end, text] of edits) {
    const before = start > at ? value[start - 1] : (done + value.slice(at, start)).at(-1) ?? value[start - 1];
    const put = text && (start > 0 || done) && !space(before) && !space(text[0]) ? ` ${text}` : text;
    const glued = put && end < value.length && !space(put.at(-1)) && !space(value[end]) ? `${put} ` : put;
    done += value.slice(at, start);
    positions.forEach((position, index) => {
      if (position <= start) return;
      if (position >= end) moved[index] += glued.length - (end - start);
      else moved[index] -= Math.max(0, position - start - glued.length);
    });
    done += glued;
    at = end;
  }
  return { value: done + value.slice(at), positions: moved };
}
