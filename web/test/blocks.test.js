import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CODE, ENGLISH, KOREAN } from '../dev/answers.mjs';
import { BlockSplitter, markdown } from '../src/lib/blocks.js';

const reader = markdown({ blockMath: (t) => (t.open ? t.raw : `[${t.tex}]`), inlineMath: (t) => `<m>${t.tex}</m>` });
const lex = (text) => reader.lexer(text);
const split = (text) => new BlockSplitter(lex).update(text, true).blocks;

const TEXTS = {
  KOREAN, ENGLISH, CODE,
  lists: 'Para\n\n1. one\n\n2. two\n   more\n\n   - deep\n\n3. three\n\nafter\n\n- a\n- b\n\n\n* c\n',
  setext: 'Title\n===\n\ntext\n---\n\nnot\n- a list?\n',
  fences: '````md\n```js\nx\n```\n````\n\n~~~\nopen $$ and | a |\n\n# not a title\n~~~\n\nend',
  open: 'before\n\n```js\nlet a = 1;\n\nlet b',
  quote: '> a\nlazy\n\n> b\n\ntext\n    code?\n\n    code\n',
  table: 'x\n\n|a|b|\n|-|-|\n|1|2|\n\n|a|b\n',
  math: 'Sum:\n\n$$\na\n+ b\n$$\n\n\\[\nc\n\\]\n\nPrices $5 and $10, formula $x^2$ and \\(y\\).\n\n$$ open\n\ntext',
  breaks: 'a\r\n\r\nb\rc\n\n\n\n\nd\n\n***\n\ne',
};

test('the blocks of a text make the text', () => {
  for (const [name, text] of Object.entries(TEXTS)) {
    assert.equal(split(text).join(''), text.replace(/\r\n|\r/g, '\n'), name);
  }
});

test('a settled block never changes, wherever the stream is cut', () => {
  for (const [name, text] of Object.entries(TEXTS)) {
    for (const step of [1, 2, 3, 7]) {
      const splitter = new BlockSplitter(lex);
      let settled = [];
      for (let end = step; end < text.length + step; end += step) {
        const { blocks, settled: count } = splitter.update(text.slice(0, end));
        assert.deepEqual(blocks.slice(0, settled.length), settled, `${name} at ${end} by ${step}`);
        settled = blocks.slice(0, count);
      }
      assert.deepEqual(splitter.update(text, true).blocks, split(text), `${name}, whole`);
    }
  }
});

test('a text that is replaced is read anew', () => {
  const splitter = new BlockSplitter(lex);
  splitter.update('one\n\ntwo\n\nthree\n');
  assert.deepEqual(splitter.update('other\n\ntext', true).blocks, ['other\n\n', 'text']);
});

test('formulas, and dollars that are none', () => {
  assert.match(reader.parse('$x^2$ \\(y\\) $5 and $10'), /<m>x\^2<\/m> <m>y<\/m> \$5 and \$10/);
  assert.match(reader.parse('$$\na+b\n$$'), /\[a\+b\]/);
  assert.match(reader.parse('`$x$`'), /<code>\$x\$<\/code>/);
});
