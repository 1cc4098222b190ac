import { useEffect, useRef } from 'preact/hooks';
import { connect } from '../chat.js';
import { t } from '../i18n/index.js';
import { apiKey, keyNeeded } from '../state.js';
import { h } from './html.js';

/** Asks for the API key that the server wants. */
export function KeyDialog() {
  const ref = useRef(null);
  useEffect(() => ref.current.showModal(), []);
  const submit = (event) => {
    event.preventDefault();
    const key = ref.current.querySelector('input').value.trim();
    if (!key) return;
    apiKey.value = key;
    keyNeeded.value = false;
    connect();
  };
  return h`<dialog class="dialog" ref=${ref} aria-labelledby="key-title" onClose=${() => (keyNeeded.value = false)}>
    <form onSubmit=${submit}>
      <h2 id="key-title">${t('key.title')}</h2>
      <p>${apiKey.value ? t('key.wrong') : t('key.why')}</p>
      <label class="field"><span>${t('key.label')}</span>
        <input type="password" name="key" autocomplete="current-password" autofocus spellcheck="false" placeholder="sk-…" /></label>
      <p class="hint">${t('key.hint')} <code>tokapu keys add</code></p>
      <div class="buttons">
        <button type="button" onClick=${() => ref.current.close()}>${t('cancel')}</button>
        <button class="primary" type="submit">${t('key.use')}</button>
      </div>
    </form>
  </dialog>`;
}
