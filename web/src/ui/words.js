import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { continueWith, messagesOf, tokensFor } from '../chat.js';
import { choicesAt, offsetsOf, surpriseLevel, wordsIn, wordsOf } from '../lib/words.js';
import { percent, t } from '../i18n/index.js';
import { api, surprise } from '../state.js';
import { h } from './html.js';
import { Close } from './icons.js';
import { Markdown } from './markdown.js';

/**
 * An answer whose words can be asked about. Rendered words are found in the source text by order:
 * Markdown takes characters away but keeps the order of words. Formulas and code keep theirs whole.
 */
export function WordView({ node, conversation, text, offset, busy, coloured, walk }) {
  const root = useRef(null);
  const [tokens, setTokens] = useState(null);
  const [asked, setAsked] = useState(null);
  useEffect(() => {
    let alive = true;
    tokensFor(node.id).then((found) => alive && setTokens(found?.length ? found : null));
    return () => (alive = false);
  }, [node.id]);

  const mark = (prose) => markWords(prose, text, offset);
  useLayoutEffect(() => {
    const bySource = new Map();
    if (coloured && tokens) {
      for (const w of wordsOf(node.content, tokens)) bySource.set(w.start, w);
    }
    for (const el of root.current.querySelectorAll('.prose .w')) {
      const word = bySource.get(Number(el.dataset.at));
      el.className = word ? `w s${surpriseLevel(word.surprise)}` : 'w';
    }
  }, [coloured, tokens, text]);

  // One stop of the Tab key for all words; the arrows walk.
  useLayoutEffect(() => {
    const words = [...root.current.querySelectorAll('.prose .w')];
    words.forEach((el, i) => {
      if (walk) {
        el.setAttribute('role', 'button');
        el.tabIndex = i === 0 ? 0 : -1;
      } else {
        el.removeAttribute('role');
        el.removeAttribute('tabindex');
      }
    });
    if (walk) words[0]?.focus({ preventScroll: true });
  }, [walk, text]);

  const open = (el) => {
    root.current.querySelector('.w.asked')?.classList.remove('asked');
    el.classList.add('asked');
    setAsked({ at: Number(el.dataset.at), word: el.textContent, element: el });
  };
  const close = () => {
    asked?.element.classList.remove('asked');
    if (walk) asked?.element.focus();
    setAsked(null);
  };
  const onClick = (event) => {
    const el = event.target.closest?.('.w');
    if (!el || el.closest('a, .legend') || !getSelection().isCollapsed) return;
    open(el);
  };
  const onKeyDown = (event) => {
    const el = event.target.closest?.('.w');
    if (!el || !walk) return;
    const words = [...root.current.querySelectorAll('.prose .w')];
    const at = words.indexOf(el);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: words.length - 1 }[event.key];
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      open(el);
    } else if (to !== undefined && words[to]) {
      event.preventDefault();
      el.tabIndex = -1;
      words[to].tabIndex = 0;
      words[to].focus();
    }
  };
  return h`<div class="words" ref=${root} onClick=${onClick} onKeyDown=${onKeyDown}>
    ${walk && h`<p class="hint legend">${tokens ? t('words.how') : t('words.noTokens')}
      ${tokens && h`<span class="scale" aria-hidden="true"><i class="w s0">${t('expected')}</i><i class="w s1"> </i><i class="w s2"> </i><i class="w s3"> </i><i class="w s4">${t('surprising')}</i></span>`}</p>`}
    <${Markdown} text=${text} onDrawn=${mark} />
    ${asked && h`<${WordCard} key=${asked.at} asked=${asked} node=${node} conversation=${conversation} tokens=${tokens} busy=${busy} close=${close} />`}
  </div>`;
}

/** Wraps each rendered word in an element that knows where the word stands in the whole answer. */
function markWords(prose, source, offset) {
  const walker = document.createTreeWalker(prose, NodeFilter.SHOW_TEXT, {
    acceptNode: (n) => (n.parentElement.closest('figure, .math, .w') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT),
  });
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  let cursor = 0;
  for (const text of texts) {
    const out = [];
    let done = 0;
    for (const word of wordsIn(text.data)) {
      const at = source.indexOf(word.text, cursor);
      // Far away is another place of the same word: this one was written otherwise in the source.
      if (at < 0 || (at - cursor > 400 && !/^(?:```|\$\$)/m.test(source.slice(cursor, at)))) continue;
      cursor = at + word.text.length;
      if (!/[\p{L}\p{N}]/u.test(word.text)) continue;
      out.push(text.data.slice(done, word.start));
      const el = document.createElement('span');
      el.className = 'w';
      el.dataset.at = at + offset;
      el.textContent = word.text;
      out.push(el);
      done = word.end;
    }
    if (out.length) text.replaceWith(...out, text.data.slice(done));
  }
}

/** What else could have stood at a word, as bars, and the way on from there. */
function WordCard({ asked, node, conversation, tokens, busy, close }) {
  const ref = useRef(null);
  const [found, setFound] = useState(null);
  const word = tokens && wordsOf(node.content, tokens).find((w) => w.start === asked.at);
  const start = word ? offsetsOf(tokens)[word.first] : asked.at - (node.content[asked.at - 1] === ' ' ? 1 : 0);
  const prefix = node.content.slice(0, start);

  useEffect(() => {
    const abort = new AbortController();
    const messages = [...messagesOf(conversation, node.parent), ...(prefix ? [{ role: 'assistant', content: prefix }] : [])];
    const body = { model: node.model, messages, limit: 10 };
    api.nextWord(body, { signal: abort.signal })
      .then((r) => ({ ...r, choices: r.choices.map((c) => ({ ...c, chosen: c.text.trim() === asked.word })) }))
      .catch((e) => {
        if (e.name === 'AbortError') throw e;
        return word ? choicesAt(tokens[word.first], asked.word) : { choices: [] };
      })
      .then(setFound, () => {});
    return () => abort.abort();
  }, []);

  useLayoutEffect(() => {
    const card = ref.current;
    const box = card.parentElement.getBoundingClientRect();
    const at = asked.element.getBoundingClientRect();
    card.style.left = `${Math.max(0, Math.min(at.left - box.left - 12, box.width - card.offsetWidth))}px`;
    card.style.top = `${at.bottom - box.top + 8}px`;
  }, []);
  useEffect(() => {
    ref.current.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, [found]);
  useEffect(() => {
    ref.current.focus({ preventScroll: true });
    const out = (e) => {
      if (e.type === 'keydown') {
        if (e.key !== 'Escape') return;
        e.stopPropagation();
        close();
      } else if (!ref.current.contains(e.target) && !e.target.closest?.('.w')) close();
    };
    document.addEventListener('keydown', out, true);
    document.addEventListener('pointerdown', out);
    return () => {
      document.removeEventListener('keydown', out, true);
      document.removeEventListener('pointerdown', out);
    };
  }, []);

  const take = (choice) => {
    const token = { text: choice.text, logprob: Math.log(choice.p), top: word ? tokens[word.first].top : [] };
    close();
    continueWith(node.id, prefix + choice.text, word ? [...tokens.slice(0, word.first), token] : []);
  };
  const most = Math.max(...(found?.choices ?? []).map((c) => c.p), 0.01);
  return h`<div class="card wordcard" role="dialog" aria-label=${t('nextWord')} tabindex="-1" ref=${ref}>
    <header><h2>${t('nextWord.title', { word: asked.word })}</h2>
      <button class="ghost" aria-label=${t('close')} onClick=${close}><${Close} /></button></header>
    ${!found && h`<p class="hint">${t('loading')}</p>`}
    ${found && !found.choices.length && h`<p class="hint">${t('nextWord.none')}</p>`}
    ${found?.choices.length > 0 && h`<ol>${found.choices.map((c) => h`<li key=${c.text}>
        <button class=${c.chosen ? 'chosen' : ''} disabled=${busy || c.chosen || c.text.includes('\ufffd')} onClick=${() => take(c)}
          title=${c.chosen ? t('nextWord.chosen') : t('nextWord.take')} aria-label=${`${c.text.trim() || t('space')}, ${percent(c.p)}${c.chosen ? `, ${t('nextWord.chosen')}` : ''}`}>
          <span class="what">${shown(c.text)}</span><span class="track"><span style=${{ width: `${(c.p / most) * 100}%` }}></span></span>
          <span class="p">${percent(c.p)}</span></button></li>`)}
      ${found.others > 0.0005 && h`<li class="others"><span class="what">${t('others')}</span>
        <span class="track"><span style=${{ width: `${Math.min(1, found.others / most) * 100}%` }}></span></span><span class="p">${percent(found.others)}</span></li>`}</ol>
      <p class="hint">${found.exact ? t('nextWord.exact') : t('nextWord.tokens')}</p>`}
    <label class="switch"><span>${t('surprise')}</span><input type="checkbox" role="switch" checked=${surprise.value}
      onChange=${(e) => (surprise.value = e.target.checked)} /></label>
  </div>`;
}

function shown(text) {
  if (text.includes('\ufffd')) return t('partOfCharacter');
  if (!text.trim()) return text.includes('\n') ? t('newline') : t('space');
  return text.trim();
}
