import { h } from './html.js';

/** What a screen reader is told besides what has the focus. */
export const LiveRegion = () => h`<div id="live" class="hidden" role="status" aria-live="polite" aria-atomic="false"></div>`;

/** Says a text once: finished pieces of an answer, that it is complete, that something was copied. */
export function announce(text) {
  const region = document.getElementById('live');
  if (!region || !text.trim()) return;
  const p = document.createElement('p');
  p.textContent = text;
  region.append(p);
  while (region.childElementCount > 6) region.firstElementChild.remove();
}
