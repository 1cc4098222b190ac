import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choicesAt, offsetsOf, surpriseLevel, tokensOf, wordsOf } from '../src/lib/words.js';
import { parts } from '../src/lib/thinking.js';

const token = (text, p, extra = {}) => ({ text, logprob: Math.log(p), top: [], ...extra });

test('a word sums the tokens that wrote it', () => {
  const tokens = [token('오늘', 0.5), token(' 저녁', 0.5), token('은', 0.25), token(' 햄버거', 0.5), token('.', 1)];
  const words = wordsOf('오늘 저녁은 햄버거.', tokens);
  assert.deepEqual(words.map((w) => [w.text, w.first, w.last]), [['오늘', 0, 0], ['저녁은', 1, 2], ['햄버거', 3, 3], ['.', 4, 4]]);
  assert.deepEqual(words.map((w) => Math.round(w.surprise * 1000) / 1000), [1, 3, 1, 0]);
});

test('halves of a character are counted by their bytes', () => {
  const [a, b, c] = new TextEncoder().encode('뷁');
  const tokens = [token('\ufffd', 0.5, { bytes: [a, b] }), token('\ufffd', 0.5, { bytes: [c] }), token('!', 1)];
  assert.deepEqual(offsetsOf(tokens), [0, 0, 1]);
  assert.deepEqual(wordsOf('뷁!', tokens).map((w) => [w.first, w.last]), [[0, 1], [2, 2]]);
});

test('choices contain the chosen one once, and the rest is what is missing to one', () => {
  const [t] = tokensOf([{ token: 'a', logprob: Math.log(0.5), bytes: [97], top_logprobs: [
    { token: 'b', logprob: Math.log(0.3), bytes: [98] }, { token: 'a', logprob: Math.log(0.5), bytes: [97] }] }]);
  const { choices, others } = choicesAt(t, 'a');
  assert.deepEqual(choices.map((c) => c.text), ['a', 'b']);
  assert.ok(Math.abs(others - 0.2) < 1e-12);
});

test('levels of surprise', () => assert.deepEqual([0, 0.9, 1, 3, 6, 12, NaN].map(surpriseLevel), [0, 0, 1, 2, 3, 4, 0]));

test('reasoning is apart from the answer', () => {
  assert.deepEqual(parts('<think>\na\n</think>\n\nb'), { thinking: 'a', answer: 'b', offset: 20, open: false });
  assert.equal(parts('<think>\na').open, true);
  assert.equal(parts('plain <think>').answer, 'plain <think>');
});
