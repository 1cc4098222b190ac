import DOMPurify from 'dompurify';
import { markdown } from './blocks.js';

const escape = (s) => s.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const INLINE_HTML = /^<\/?(?:br|sub|sup|kbd|b|i|u|mark)\s*\/?>$/i;

const math = ({ tex, display, type }) =>
  `<span class="math" data-display="${display || type === 'blockMath' ? 1 : 0}">${escape(tex)}</span>`;

/** The page's Markdown: HTML in an answer is shown, not run; pictures are links, nothing is fetched. */
const reader = markdown({
  blockMath: (token) => `<p>${token.open ? escape(token.raw) : math(token)}</p>`,
  inlineMath: math,
  marked: {
    html: ({ text }) => (INLINE_HTML.test(text.trim()) ? text : escape(text)),
    image: ({ href, text }) => `<a href="${escape(href)}">${escape(text || href)}</a>`,
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
  },
});

export const lex = (text) => reader.lexer(text);

const ALLOWED = {
  ALLOWED_TAGS: [
    'p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'strong', 'em', 'del', 'b', 'i', 'u', 'mark', 'sub', 'sup',
    'kbd', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'span',
  ],
  ALLOWED_ATTR: ['href', 'title', 'start', 'align', 'class', 'data-display'],
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

DOMPurify.addHook('uponSanitizeAttribute', (_, data) => {
  if (data.attrName === 'class' && !/^(?:math|language-[\w+#.-]+)$/.test(data.attrValue)) data.keepAttr = false;
});
DOMPurify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName !== 'A') return;
  node.setAttribute('target', '_blank');
  node.setAttribute('rel', 'noopener noreferrer');
});

/** A block of Markdown as DOM. */
export const render = (source) => DOMPurify.sanitize(reader.parse(source), ALLOWED);
