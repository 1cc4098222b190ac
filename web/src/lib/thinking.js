/** Parts of an answer: `<think>…</think>` at its begin is the model's reasoning, the rest the answer. */
export function parts(text) {
  const m = /^\s*<think>\n?/.exec(text);
  if (!m) return { thinking: '', answer: text, offset: 0, open: false };
  const end = text.indexOf('</think>', m[0].length);
  if (end < 0) return { thinking: text.slice(m[0].length), answer: '', offset: text.length, open: true };
  const rest = /^\s*/.exec(text.slice(end + 8))[0].length;
  const offset = end + 8 + rest;
  return { thinking: text.slice(m[0].length, end).trim(), answer: text.slice(offset), offset, open: false };
}
