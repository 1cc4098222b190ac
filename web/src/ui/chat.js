import { useEffect, useRef, useState } from 'preact/hooks';
import { chooseModel, connect } from '../chat.js';
import { path } from '../lib/tree.js';
import { compact, number, t } from '../i18n/index.js';
import {
  current, drawer, fill, keyNeeded, model, models, modelsError, settingsOpen, surprise, temporary,
} from '../state.js';
import { Composer } from './composer.js';
import { explain } from './errors.js';
import { h } from './html.js';
import { Alert, Down, Ghost, Logo, Menu, Sliders, Words } from './icons.js';
import { Message } from './message.js';

export function Chat() {
  const conversation = current.value;
  const messages = conversation ? path(conversation) : [];
  return h`<div class=${`chat ${messages.length ? '' : 'fresh'}`}>
    <${Header} />
    <${Scroller} id=${conversation?.id} count=${messages.length} label=${conversation?.title || t('newChat')}>
      ${messages.length
        ? messages.map((m) => h`<${Message} key=${m.id} node=${m} conversation=${conversation} last=${m === messages.at(-1)} />`)
        : h`<${Welcome} />`}
    <//>
    <${Composer} key=${conversation?.id ?? 'new'} />
  </div>`;
}

function Header() {
  const hasAnswers = current.value?.leaf;
  return h`<header class="top">
    <button class="ghost only-narrow" aria-label=${t('openList')} onClick=${() => (drawer.value = true)}><${Menu} /></button>
    <${ModelPicker} />
    ${(temporary.value || current.value?.store === 'none') && h`<span class="badge" title=${t('temporary.why')}><${Ghost} />${t('temporary')}</span>`}
    <span class="space"></span>
    ${hasAnswers && h`<${Meter} />`}
    <button class="ghost" aria-pressed=${surprise.value} aria-label=${t('surprise')} title=${t('surprise.why')}
      onClick=${() => (surprise.value = !surprise.value)}><${Words} /></button>
    <button class="ghost" aria-label=${t('settings')} title=${t('settings')} onClick=${() => (settingsOpen.value = true)}><${Sliders} /></button>
  </header>`;
}

function ModelPicker() {
  const list = models.value;
  if (!list?.length) return h`<span class="model none">${models.value ? t('noModel') : ''}</span>`;
  if (list.length === 1) return h`<span class="model" title=${list[0].id}>${list[0].id}</span>`;
  return h`<label class="model picker"><span class="hidden">${t('model')}</span>
    <select value=${model.value?.id} onChange=${(e) => chooseModel(e.target.value)}>
      ${list.map((m) => h`<option key=${m.id} value=${m.id}>${m.id}</option>`)}</select></label>`;
}

/** How full the window is, and what of the conversation no longer fits. */
function Meter() {
  const [open, setOpen] = useState(false);
  const root = useRef(null);
  useEffect(() => {
    if (!open) return;
    const close = (e) => {
      if (e.type === 'keydown' ? e.key === 'Escape' : !root.current?.contains(e.target)) setOpen(false);
    };
    addEventListener('pointerdown', close);
    addEventListener('keydown', close);
    return () => {
      removeEventListener('pointerdown', close);
      removeEventListener('keydown', close);
    };
  }, [open]);
  const { used, limit, window } = fill.value;
  if (!used) return null;
  const share = limit ? Math.min(1, used / limit) : null;
  const gone = (window?.dropped ?? 0) + (window?.condensed ?? 0);
  const label = share === null ? t('meter.used', { used: number(used) }) : t('meter.of', { used: number(used), limit: number(limit) });
  return h`<div class="meter-root" ref=${root}>
    <button class=${`meter ${share > 0.9 ? 'full' : share > 0.7 ? 'filling' : ''}`} aria-expanded=${open} aria-label=${`${t('meter')}: ${label}`}
      title=${label} onClick=${() => setOpen(!open)}>
      ${share !== null && h`<span class="bar" aria-hidden="true"><span style=${{ width: `${Math.max(3, share * 100)}%` }}></span></span>`}
      <span>${share === null ? compact(used) : `${Math.round(share * 100)}%`}</span>${gone > 0 && h`<span class="dot" title=${t('meter.left')}></span>`}
    </button>
    ${open && h`<div class="card" role="dialog" aria-label=${t('meter')}>
      <h2>${t('meter')}</h2><p>${label}</p>
      ${share !== null && h`<span class="bar big" aria-hidden="true"><span style=${{ width: `${share * 100}%` }}></span></span>`}
      ${window && h`<dl>
        ${['system', 'pinned', 'summary', 'kept', 'condensed', 'dropped'].filter((k) => window[k] !== undefined)
          .map((k) => h`<div key=${k}><dt>${t(`window.${k}`)}</dt><dd>${number(window[k])}</dd></div>`)}</dl>`}
      <p class="hint">${gone > 0 ? t('meter.gone') : t('meter.why')}</p></div>`}
  </div>`;
}

/** Follows the growing answer as long as the reader is at its end. */
function Scroller({ id, count, label, children }) {
  const ref = useRef(null);
  const follow = useRef(true);
  const [away, setAway] = useState(false);
  const bottom = () => ref.current.scrollHeight - ref.current.scrollTop - ref.current.clientHeight;
  const toEnd = () => (ref.current.scrollTop = ref.current.scrollHeight);
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (!ref.current) return;
      if (follow.current) toEnd();
      setAway(bottom() > 160);
    });
    observer.observe(ref.current.firstElementChild);
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    follow.current = true;
    toEnd();
  }, [id, count]);
  const onScroll = () => {
    const far = bottom();
    follow.current = far < 48;
    setAway(far > 160);
  };
  return h`<div class="scroller" ref=${ref} onScroll=${onScroll} onWheel=${(e) => e.deltaY < 0 && (follow.current = false)}>
    <div class="column" role="log" aria-live="off" aria-label=${label}>${children}</div>
    ${away && h`<button class="to-end" aria-label=${t('toEnd')} onClick=${() => {
      follow.current = true;
      toEnd();
    }}><${Down} /></button>`}
  </div>`;
}

function Welcome() {
  const error = modelsError.value;
  if (error && !keyNeeded.value) {
    const { title, help } = explain(error);
    return h`<section class="welcome"><span class="sign"><${Alert} /></span><h1>${title}</h1><p>${help}</p>
      <p><button class="primary" onClick=${connect}>${t('retry')}</button></p></section>`;
  }
  return h`<section class="welcome"><${Logo} /><h1>${temporary.value ? t('temporary') : t('welcome')}</h1>
    <p>${temporary.value ? t('temporary.why') : t('welcome.why')}</p>
    ${!temporary.value && h`<ul class="ideas" aria-label=${t('ideas')}>${[1, 2, 3, 4].map((i) => h`<li key=${i}><button onClick=${() => {
      const box = document.querySelector('#composer');
      box.value = t(`idea.${i}`);
      box.dispatchEvent(new Event('input', { bubbles: true }));
      box.focus();
    }}><strong>${t(`idea.${i}.title`)}</strong><span>${t(`idea.${i}`)}</span></button></li>`)}</ul>`}
  </section>`;
}
