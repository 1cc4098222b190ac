import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { BlockSplitter } from '../lib/blocks.js';
import { lex, render } from '../lib/html.js';
import { t } from '../i18n/index.js';
import { copyText, h } from './html.js';
import { loadHighlighter, loadKatex } from './lazy.js';

/**
 * Draws a growing text: one element per block. An element whose source did not change is not touched
 * again, so nothing that was read flickers or loses its selection.
 */
export class MarkdownDrawer {
  #root;
  #splitter = new BlockSplitter(lex);
  #drawn = [];
  onSettled = null;

  constructor(root) {
    this.#root = root;
  }

  draw(text, finished) {
    const { blocks, settled } = this.#splitter.update(text, finished);
    for (let i = 0; i < blocks.length; i++) {
      const done = finished || i < settled;
      const old = this.#drawn[i];
      if (old && old.source === blocks[i]) {
        if (done && !old.done) this.#settle(old);
        continue;
      }
      const drawn = { source: blocks[i], element: old?.element ?? document.createElement('div'), done: false };
      drawn.element.className = 'block';
      // Korean breaks between words and is read by a Korean voice, whatever the page's language.
      if (/[가-힣]/.test(blocks[i])) drawn.element.lang = 'ko';
      else drawn.element.removeAttribute('lang');
      drawn.element.replaceChildren(render(blocks[i]));
      decorate(drawn.element, done);
      if (!old) this.#root.append(drawn.element);
      this.#drawn[i] = drawn;
      if (done) this.#settle(drawn);
    }
    for (const extra of this.#drawn.splice(blocks.length)) extra.element.remove();
  }

  #settle(drawn) {
    drawn.done = true;
    finishBlock(drawn.element);
    this.onSettled?.(drawn.element.textContent);
  }
}

/** Tables that scroll by themselves, code with its language and a copy button. */
function decorate(block) {
  for (const table of block.querySelectorAll('table')) {
    const scroller = document.createElement('div');
    scroller.className = 'table';
    scroller.tabIndex = 0;
    table.replaceWith(scroller);
    scroller.append(table);
  }
  for (const pre of block.querySelectorAll('pre')) {
    const code = pre.querySelector('code');
    const language = /language-(\S+)/.exec(code?.className ?? '')?.[1] ?? '';
    const frame = document.createElement('figure');
    frame.className = 'code';
    const bar = document.createElement('figcaption');
    const name = document.createElement('span');
    name.textContent = language || t('code');
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = t('copy');
    button.onclick = async () => {
      const ok = await copyText(code.textContent);
      button.textContent = t(ok ? 'copied' : 'copyFailed');
      setTimeout(() => (button.textContent = t('copy')), 1600);
    };
    bar.append(name, button);
    pre.replaceWith(frame);
    pre.tabIndex = 0;
    frame.append(bar, pre);
  }
}

async function finishBlock(block) {
  const formulas = [...block.querySelectorAll('.math')];
  const codes = [...block.querySelectorAll('pre code[class*="language-"]')];
  if (formulas.length) {
    const katex = await loadKatex().catch(() => null);
    for (const el of katex ? formulas : []) {
      const tex = el.textContent;
      try {
        // Drawn as DOM, not as text: style attributes in HTML are against the page's security policy.
        katex.render(tex, el, { displayMode: el.dataset.display === '1', throwOnError: true, strict: 'ignore' });
        el.classList.add('drawn');
      } catch {
        el.textContent = tex;
      }
    }
  }
  if (codes.length) {
    const hljs = await loadHighlighter().catch(() => null);
    for (const code of hljs ? codes : []) {
      const language = /language-(\S+)/.exec(code.className)?.[1];
      if (hljs.getLanguage(language)) code.innerHTML = hljs.highlight(code.textContent, { language }).value;
    }
  }
}

/** A whole text. */
export function Markdown({ text, onDrawn }) {
  const ref = useRef(null);
  const drawer = useRef(null);
  useLayoutEffect(() => {
    drawer.current ??= new MarkdownDrawer(ref.current);
    drawer.current.draw(text, true);
    onDrawn?.(ref.current);
  }, [text]);
  return h`<div class="prose" ref=${ref}></div>`;
}

/** A text that grows: `text` is a signal, drawn at most once per frame. */
export function GrowingMarkdown({ text, onSettled }) {
  const ref = useRef(null);
  useEffect(() => {
    const drawer = new MarkdownDrawer(ref.current);
    drawer.onSettled = onSettled;
    let frame = 0;
    const stop = text.subscribe((value) => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => drawer.draw(value, false));
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, [text]);
  return h`<div class="prose growing" ref=${ref}></div>`;
}
