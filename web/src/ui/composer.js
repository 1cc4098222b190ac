import { useEffect, useRef, useState } from 'preact/hooks';
import { send, stop } from '../chat.js';
import { t } from '../i18n/index.js';
import { current, running } from '../state.js';
import { h } from './html.js';
import { Send, Stop } from './icons.js';

/** Drafts of this visit, by conversation. */
const drafts = new Map();

/**
 * Sends on Enter, once, whatever the input method does. While Hangul is composed the last syllable is
 * not in the field yet: Enter then waits for the end of the composition. Browsers differ in order:
 * Chromium gives keydown (composing), compositionend, and on some systems a second keydown; Safari
 * gives compositionend first. After the first sending the field is empty, so a second key sends nothing.
 */
export function enterToSend(submit) {
  let composing = false;
  let waiting = false;
  return {
    onCompositionStart: () => {
      composing = true;
      waiting = false;
    },
    onCompositionEnd: () => {
      composing = false;
      if (!waiting) return;
      waiting = false;
      // The field gets the last syllable with the input event that may follow.
      setTimeout(submit);
    },
    onKeyDown: (event) => {
      const enter = event.key === 'Enter' || (event.keyCode === 229 && event.code === 'Enter');
      if (!enter) {
        waiting = false;
        return;
      }
      if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
      if (composing) {
        // Kept away from the input method it would not end the composition: only remember it.
        waiting = true;
        return;
      }
      event.preventDefault();
      if (!event.repeat) submit();
    },
  };
}

export function Composer() {
  const box = useRef(null);
  const [empty, setEmpty] = useState(true);
  const id = current.value?.id ?? 'new';
  const busy = Boolean(running.value[id]);

  const fit = () => {
    const el = box.current;
    if (!el) return;
    el.style.height = 'auto';
    el.style.height = `${Math.min(el.scrollHeight, innerHeight * 0.4)}px`;
    setEmpty(!el.value.trim());
    drafts.set(id, el.value);
  };
  const submit = useRef(null);
  submit.current = async () => {
    const el = box.current;
    const text = el?.value ?? '';
    if (!text.trim() || running.value[current.value?.id]) return;
    el.value = '';
    drafts.delete(id);
    fit();
    if (await send(text)) document.querySelector('#composer')?.focus();
    else if (box.current && !box.current.value) {
      box.current.value = text;
      fit();
    }
  };
  const keys = useRef(null);
  keys.current ??= enterToSend(() => submit.current());

  useEffect(() => {
    box.current.value = drafts.get(id) ?? '';
    fit();
    if (matchMedia('(pointer: fine)').matches) box.current.focus();
  }, [id]);

  return h`<form class="composer" onSubmit=${(e) => {
    e.preventDefault();
    submit.current();
  }}>
    <div class="box">
      <label class="hidden" for="composer">${t('message')}</label>
      <textarea id="composer" ref=${box} rows="1" placeholder=${t('placeholder')} enterkeyhint="send" dir="auto"
        aria-describedby="composer-hint" onInput=${fit} ...${keys.current}></textarea>
      ${busy
        ? h`<button type="button" class="send" aria-label=${t('stop')} title=${t('stop')} onClick=${() => stop()}><${Stop} /></button>`
        : h`<button type="submit" class="send" aria-label=${t('send')} title=${t('send')} aria-disabled=${empty}><${Send} /></button>`}
    </div>
    <p class="hint" id="composer-hint">${t('composer.hint')}</p>
  </form>`;
}
