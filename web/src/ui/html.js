import { h as element } from 'preact';
import htm from 'htm';

export const h = htm.bind(element);

/** Copies a text, also where the page is not a secure context (plain HTTP in a local network). */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'hidden';
    document.body.append(area);
    area.select();
    const ok = document.execCommand('copy');
    area.remove();
    return ok;
  }
}
