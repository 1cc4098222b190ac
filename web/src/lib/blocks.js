import { Marked } from 'marked';

const blockMath = {
  name: 'blockMath',
  level: 'block',
  start: (src) => src.match(/(?:^|\n) {0,3}(?:\$\$|\\\[)/)?.index,
  tokenizer(src) {
    let m =
      /^ {0,3}\$\$((?:(?!\n[ \t]*\n|\$\$)[\s\S])+)\$\$[ \t]*(?:\n|$)/.exec(src) ||
      /^ {0,3}\\\[((?:(?!\n[ \t]*\n|\\\])[\s\S])+)\\\][ \t]*(?:\n|$)/.exec(src);
    if (m) return { type: 'blockMath', raw: m[0], tex: m[1].trim() };
    // A formula that is still being written is one block, whatever its lines look like.
    m = /^ {0,3}(?:\$\$|\\\[)(?:(?!\n[ \t]*\n|\$\$|\\\])[\s\S])*$/.exec(src);
    if (m) return { type: 'blockMath', raw: m[0], open: true };
  },
};

const inlineMath = {
  name: 'inlineMath',
  level: 'inline',
  start: (src) => src.match(/\$|\\\(|\\\[/)?.index,
  tokenizer(src) {
    let m = /^\$\$([^$\n]+)\$\$/.exec(src) || /^\\\[((?:(?!\\\])[\s\S])+)\\\]/.exec(src);
    if (m) return { type: 'inlineMath', raw: m[0], tex: m[1].trim(), display: true };
    // Prices are no formulas: no space inside of the dollars, no digit after them.
    m = /^\$((?:\\[^\n]|[^\s$\\])(?:(?:\\[^\n]|[^$\n\\])*?(?:\\[^\n]|[^\s$\\]))?)\$(?![0-9])/.exec(src) ||
      /^\\\(((?:(?!\\\))[\s\S])+)\\\)/.exec(src);
    if (m) return { type: 'inlineMath', raw: m[0], tex: m[1].trim() };
  },
};

/** A Markdown reader with formulas; `renderer` says how tokens become HTML. */
export function markdown(renderer = {}) {
  return new Marked({
    gfm: true,
    breaks: true,
    extensions: [
      { ...blockMath, renderer: renderer.blockMath },
      { ...inlineMath, renderer: renderer.inlineMath },
    ],
    renderer: renderer.marked,
  });
}

/** `\r\n` as `\n`: offsets below count in this form. */
export const normalized = (text) => text.replace(/\r\n|\r/g, '\n');

/**
 * Cuts a growing Markdown text into its top-level blocks. A block is *settled* when no further text
 * can change it: another block follows it whose first line is complete. Settled blocks are not read
 * again, so that a long answer costs no more per token than a short one.
 */
export class BlockSplitter {
  #lex;
  #settled = [];
  #end = 0;
  #text = '';

  constructor(lex) {
    this.#lex = lex;
  }

  /** All blocks of `text`, in source form; the first `settled` of them are final. */
  update(text, finished = false) {
    text = normalized(text);
    if (!text.startsWith(this.#text.slice(0, this.#end))) this.#reset();
    this.#text = text;
    const lineEnd = finished ? text.length : text.lastIndexOf('\n') + 1;
    const sure = this.#blocks(text.slice(this.#end, lineEnd));
    const count = finished ? sure.length : sure.length - 1;
    for (let i = 0; i < count; i++) {
      this.#settled.push(sure[i]);
      this.#end += sure[i].length;
    }
    const open = this.#blocks(text.slice(this.#end));
    return { blocks: [...this.#settled, ...open], settled: this.#settled.length };
  }

  /** Sources of the blocks; the concatenation is the text, blank lines belong to the block before. */
  #blocks(text) {
    const blocks = [];
    for (const token of this.#lex(text)) {
      if (token.type === 'space' && blocks.length) blocks[blocks.length - 1] += token.raw;
      else if (token.raw) blocks.push(token.raw);
    }
    return blocks;
  }

  #reset() {
    this.#settled = [];
    this.#end = 0;
  }
}
