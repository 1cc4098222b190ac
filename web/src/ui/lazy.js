/* global __KATEX_CSS__ */

let katex;
/** KaTeX with its styles, loaded at the first formula. */
export function loadKatex() {
  return (katex ??= (async () => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = new URL(__KATEX_CSS__, document.baseURI).href;
    const styled = new Promise((resolve) => (link.onload = link.onerror = resolve));
    document.head.append(link);
    const [module] = await Promise.all([import('katex'), styled]);
    return module.default;
  })());
}

let highlighter;
/** highlight.js with its common languages, loaded at the first finished piece of code. */
export const loadHighlighter = () => (highlighter ??= import('highlight.js/lib/common').then((m) => m.default));

export const loadPlot = () => import('uplot').then((m) => m.default);
