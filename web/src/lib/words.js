/**
 * Words out of tokens. A token is `{text, logprob, top: [{text, logprob}], bytes?}`; one token may be
 * half a character (then `bytes` counts and `text` is unreliable).
 */

/** Tokens of an OpenAI `logprobs.content` array, kept small. */
export function tokensOf(content) {
  return content.map((t) => ({
    text: t.token,
    logprob: t.logprob,
    bytes: t.bytes ?? undefined,
    top: (t.top_logprobs ?? []).map((a) => ({ text: a.token, logprob: a.logprob, bytes: a.bytes ?? undefined })),
  }));
}

const encoder = new TextEncoder();
const bytesOf = (token) => token.bytes ?? encoder.encode(token.text);

/** Where each token begins in the text that the tokens' bytes make, counted in UTF-16 units. */
export function offsetsOf(tokens) {
  const decoder = new TextDecoder('utf-8');
  const offsets = [];
  let length = 0;
  for (const token of tokens) {
    offsets.push(length);
    length += decoder.decode(Uint8Array.from(bytesOf(token)), { stream: true }).length;
  }
  return offsets;
}

const WORD = /[\p{L}\p{N}\p{M}_'’-]+|[^\s\p{L}\p{N}\p{M}]+/gu;

/** Words and runs of punctuation: `[{start, end, text}]`. */
export function wordsIn(text) {
  return Array.from(text.matchAll(WORD), (m) => ({ start: m.index, end: m.index + m[0].length, text: m[0] }));
}

/** Words with the tokens that wrote them: `first` and `last` (index), `surprise` in bits. */
export function wordsOf(text, tokens) {
  const offsets = offsetsOf(tokens);
  let t = 0;
  return wordsIn(text).map((word) => {
    while (t + 1 < tokens.length && offsets[t + 1] <= word.start) t++;
    // Tokens that begin at the same place are pieces of one character: the first of them counts.
    while (t > 0 && offsets[t - 1] === offsets[t] && offsets[t] === word.start) t--;
    let last = t;
    while (last + 1 < tokens.length && offsets[last + 1] < word.end) last++;
    let sum = 0;
    for (let i = t; i <= last && i < tokens.length; i++) sum += tokens[i].logprob;
    return { ...word, first: t, last, surprise: Math.max(0, -sum / Math.LN2) };
  });
}

/** 0 (expected) to 4 (very surprising): the steps of the colours. */
export function surpriseLevel(bits) {
  if (!(bits >= 1)) return 0;
  if (bits < 2.5) return 1;
  if (bits < 5) return 2;
  if (bits < 8) return 3;
  return 4;
}

/**
 * What else could have begun at this word, from one token's alternatives: choices with their
 * probabilities, most likely first, and the rest.
 */
export function choicesAt(token, chosen) {
  const choices = [{ text: token.text, p: Math.exp(token.logprob), chosen: true }];
  for (const a of token.top) {
    if (a.text !== token.text) choices.push({ text: a.text, p: Math.exp(a.logprob) });
  }
  choices.sort((a, b) => b.p - a.p);
  const others = Math.max(0, 1 - choices.reduce((sum, c) => sum + c.p, 0));
  return { word: chosen, choices: choices.slice(0, 10), others, exact: false };
}
