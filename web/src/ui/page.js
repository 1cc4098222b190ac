import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/index.js';
import { drawer, keyNeeded, notice, route, settingsOpen } from '../state.js';
import { Chat } from './chat.js';
import { explain } from './errors.js';
import { h } from './html.js';
import { Close } from './icons.js';
import { KeyDialog } from './key.js';
import { LiveRegion } from './live.js';
import { Settings } from './settings.js';
import { Sidebar } from './sidebar.js';

export function Page() {
  return h`
    <a class="skip" href="#main" onClick=${(e) => {
      e.preventDefault();
      (document.querySelector('#composer') ?? document.querySelector('#main'))?.focus();
    }}>${t('skip')}</a>
    <div class=${`page ${drawer.value ? 'list-open' : ''}`}>
      <${Sidebar} />
      ${drawer.value && h`<div class="veil" onClick=${() => (drawer.value = false)}></div>`}
      <main id="main" tabindex="-1">${route.value.page === 'operator' ? h`<${Operator} />` : h`<${Chat} />`}</main>
    </div>
    ${settingsOpen.value && h`<${Settings} />`}
    ${keyNeeded.value && h`<${KeyDialog} />`}
    <${Notice} /><${LiveRegion} />`;
}

/** The operator's page and its plots are another file, loaded when it is opened. */
function Operator() {
  const [component, setComponent] = useState(null);
  useEffect(() => {
    import('./operator.js').then((m) => setComponent(() => m.OperatorPage));
  }, []);
  const Component = component;
  return Component ? h`<${Component} />` : h`<p class="loading" role="status">${t('loading')}</p>`;
}

function Notice() {
  const n = notice.value;
  useEffect(() => {
    if (!n) return;
    const timer = setTimeout(() => (notice.value = null), 6000);
    return () => clearTimeout(timer);
  }, [n]);
  return h`<div class="notices" role="status" aria-live="polite">${n && h`<div class="notice">
    <span>${n.error ? explain(n.error).title : t(n.key, n.values)}</span>
    <button class="ghost" aria-label=${t('close')} onClick=${() => (notice.value = null)}><${Close} /></button>
  </div>`}</div>`;
}
