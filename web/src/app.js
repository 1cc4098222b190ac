import { effect } from '@preact/signals';
import { render } from 'preact';
import { newChat, show, start, stop } from './chat.js';
import { current, drawer, route, running, theme } from './state.js';
import { h } from './ui/html.js';
import { Page } from './ui/page.js';

effect(() => {
  if (theme.value === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
});

function followAddress() {
  const [, page, id] = location.hash.split('/');
  drawer.value = false;
  if (page === 'operator') route.value = { page: 'operator' };
  else if (page === 'c' && id) {
    route.value = { page: 'chat', id };
    if (current.value?.id !== id) show(id);
  } else {
    const wasNew = route.value.page === 'new';
    route.value = { page: 'new' };
    if (!wasNew) newChat();
  }
}

/** Keys of the whole page. Ctrl or ⌘ with Shift and O: new chat; with K: search; Esc: stop. */
function onKey(event) {
  const ctrl = event.ctrlKey || event.metaKey;
  if (ctrl && event.shiftKey && event.key.toLowerCase() === 'o') {
    event.preventDefault();
    newChat();
    document.querySelector('#composer')?.focus();
  } else if (ctrl && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    drawer.value = true;
    requestAnimationFrame(() => document.querySelector('#search')?.focus());
  } else if (event.key === 'Escape' && !event.isComposing && !document.querySelector('dialog[open], .wordcard')) {
    if (drawer.value) drawer.value = false;
    else if (current.value && running.value[current.value.id]) stop();
  }
}

addEventListener('hashchange', followAddress);
addEventListener('keydown', onKey);
render(h`<${Page} />`, document.getElementById('app'));
start().then(followAddress);
