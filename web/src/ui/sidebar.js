import { useEffect, useRef, useState } from 'preact/hooks';
import { newChat, refresh, remove, rename } from '../chat.js';
import { t } from '../i18n/index.js';
import { conversations, current, drawer, remembers, route, running, searching, settingsOpen } from '../state.js';
import { h } from './html.js';
import { Close, Gauge, Ghost, Logo, Pencil, Plus, Search, Sliders, Trash } from './icons.js';

export function Sidebar() {
  return h`<nav class="sidebar" aria-label=${t('conversations')}>
    <div class="brand"><a href="#/" class="home" aria-label=${t('home')}><${Logo} /><span>${t('name')}</span></a>
      <button class="ghost only-narrow" aria-label=${t('close')} onClick=${() => (drawer.value = false)}><${Close} /></button></div>
    <div class="start">
      <button class="new" onClick=${() => begin()}><${Plus} /><span>${t('newChat')}</span></button>
      <button class="ghost" aria-label=${t('temporary')} title=${t('temporary.why')}
        onClick=${() => begin({ temporary: true })}><${Ghost} /></button>
    </div>
    <${SearchField} />
    <${List} />
    <div class="foot">
      <button onClick=${() => (settingsOpen.value = true)}><${Sliders} /><span>${t('settings')}</span></button>
      <a href="#/operator" aria-current=${route.value.page === 'operator' ? 'page' : undefined}><${Gauge} /><span>${t('operator')}</span></a>
    </div>
  </nav>`;
}

function begin(options) {
  newChat(options);
  drawer.value = false;
  requestAnimationFrame(() => document.querySelector('#composer')?.focus());
}

function SearchField() {
  const timer = useRef(0);
  return h`<div class="search"><${Search} /><input id="search" type="search" aria-label=${t('search')}
    placeholder=${t('search')} autocomplete="off" onInput=${(e) => {
      searching.value = e.target.value;
      clearTimeout(timer.current);
      timer.current = setTimeout(refresh, 120);
    }} /></div>`;
}

/** Today, yesterday, the last week, and months before. */
function groupOf(time) {
  const today = new Date().setHours(0, 0, 0, 0);
  if (time >= today) return 'today';
  if (time >= today - 864e5) return 'yesterday';
  if (time >= today - 7 * 864e5) return 'week';
  return 'older';
}

function List() {
  const list = conversations.value;
  if (!list.length) {
    return h`<p class="empty">${searching.value ? t('nothingFound') : t('noConversations')}</p>`;
  }
  const groups = ['today', 'yesterday', 'week', 'older']
    .map((name) => [name, list.filter((c) => groupOf(c.updated) === name)])
    .filter(([, entries]) => entries.length);
  return h`<div class="list">
    ${groups.map(([name, entries]) => h`<section key=${name} aria-label=${t(name)}><h2>${t(name)}</h2>
      <ul>${entries.map((entry) => h`<${Entry} key=${entry.id} entry=${entry} />`)}</ul></section>`)}
    ${remembers.value === false && !searching.value && h`<p class="where">${t('keptHere')}</p>`}
  </div>`;
}

function Entry({ entry }) {
  const [mode, setMode] = useState('show');
  const input = useRef(null);
  useEffect(() => {
    if (mode === 'rename') input.current?.select();
  }, [mode]);
  const title = entry.title || t('untitled');
  if (mode === 'rename') {
    const done = (e) => {
      e.preventDefault();
      // Leaving the field by Escape removes it first.
      if (!input.current) return;
      const title = input.current.value;
      setMode('show');
      if (title !== entry.title) rename(entry, title);
    };
    return h`<li class="renaming"><form onSubmit=${done}><input ref=${input} autofocus aria-label=${t('rename')} value=${entry.title} onBlur=${done}
      onKeyDown=${(e) => {
        if (e.key !== 'Escape') return;
        e.stopPropagation();
        setMode('show');
      }} /></form></li>`;
  }
  if (mode === 'delete') {
    return h`<li class="asking" role="alertdialog" aria-label=${t('delete.ask')}
      onKeyDown=${(e) => {
        if (e.key !== 'Escape') return;
        e.stopPropagation();
        setMode('show');
      }}><span>${t('delete.ask')}</span>
      <button class="danger" autofocus ref=${(el) => el?.focus()} onClick=${() => remove(entry)}>${t('delete')}</button>
      <button onClick=${() => setMode('show')}>${t('cancel')}</button></li>`;
  }
  const here = route.value.page === 'chat' && current.value?.id === entry.id;
  return h`<li class=${here ? 'here' : ''}>
    <a href=${`#/c/${entry.id}`} aria-current=${here ? 'page' : undefined} title=${title}
      onClick=${() => (drawer.value = false)}>
      ${running.value[entry.id] && h`<span class="pulse" title=${t('writing')}></span>`}${title}</a>
    <span class="tools">
      <button class="ghost" aria-label=${`${t('rename')}: ${title}`} title=${t('rename')} onClick=${() => setMode('rename')}><${Pencil} /></button>
      <button class="ghost" aria-label=${`${t('delete')}: ${title}`} title=${t('delete')} onClick=${() => setMode('delete')}><${Trash} /></button>
    </span></li>`;
}
