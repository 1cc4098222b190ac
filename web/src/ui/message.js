import { computed } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { choose, continueAnswer, edit, newChat, regenerate, retry } from '../chat.js';
import { money, number, t } from '../i18n/index.js';
import { parts } from '../lib/thinking.js';
import { siblings } from '../lib/tree.js';
import { keyNeeded, running, settings, settingsOpen, surprise } from '../state.js';
import { enterToSend } from './composer.js';
import { explain } from './errors.js';
import { copyText, h } from './html.js';
import { Again, Alert, Check, Copy, Left, Pencil, Play, Right, Words } from './icons.js';
import { announce } from './live.js';
import { GrowingMarkdown, Markdown } from './markdown.js';
import { WordView } from './words.js';

export function Message({ node, conversation, last }) {
  const live = running.value[conversation.id];
  const busy = Boolean(live);
  if (node.role === 'user') return h`<${Question} node=${node} conversation=${conversation} busy=${busy} />`;
  return h`<article class="answer" aria-label=${t('answerOf', { model: node.model ?? '' })}>
    ${live?.node === node.id
      ? h`<${Growing} live=${live} />`
      : h`<${Answer} node=${node} conversation=${conversation} busy=${busy} last=${last} />`}
  </article>`;
}

function Question({ node, conversation, busy }) {
  const [editing, setEditing] = useState(false);
  if (editing) return h`<${Editor} node=${node} close=${() => setEditing(false)} />`;
  return h`<article class="question" aria-label=${t('you')}>
    <div class="bubble" dir="auto" lang=${/[가-힣]/.test(node.content) ? 'ko' : undefined}>${node.content}</div>
    <div class="tools">
      <${Branches} node=${node} conversation=${conversation} busy=${busy} />
      <${CopyButton} text=${node.content} />
      <button class="ghost" disabled=${busy} aria-label=${t('edit')} title=${t('edit.why')} onClick=${() => setEditing(true)}><${Pencil} /></button>
    </div></article>`;
}

function Editor({ node, close }) {
  const ref = useRef(null);
  const done = () => {
    const text = ref.current?.value ?? '';
    if (!text.trim()) return;
    close();
    if (text.trim() !== node.content) edit(node.id, text);
  };
  const keys = useRef(null);
  keys.current ??= enterToSend(done);
  const fit = () => {
    ref.current.style.height = 'auto';
    ref.current.style.height = `${ref.current.scrollHeight}px`;
  };
  useEffect(() => {
    fit();
    ref.current.focus();
    ref.current.setSelectionRange(node.content.length, node.content.length);
  }, []);
  return h`<form class="editor" onSubmit=${(e) => {
    e.preventDefault();
    done();
  }} onKeyDown=${(e) => {
    if (e.key !== 'Escape' || e.isComposing) return;
    e.stopPropagation();
    close();
  }}>
    <textarea ref=${ref} aria-label=${t('edit')} defaultValue=${node.content} onInput=${fit} dir="auto" ...${keys.current}></textarea>
    <p class="hint">${t('edit.why')}</p>
    <div class="buttons"><button type="button" onClick=${close}>${t('cancel')}</button>
      <button class="primary" type="submit">${t('send')}</button></div>
  </form>`;
}

/** Which of several versions is shown, and the way to the others. */
function Branches({ node, conversation, busy }) {
  const all = siblings(conversation, node.id);
  if (all.length < 2) return null;
  const at = all.findIndex((n) => n.id === node.id);
  return h`<span class="branches" role="group" aria-label=${t('versions')}>
    <button class="ghost" disabled=${busy || at === 0} aria-label=${t('previousVersion')} onClick=${() => choose(all[at - 1].id)}><${Left} /></button>
    <span aria-label=${t('versionOf', { n: at + 1, of: all.length })}>${at + 1}/${all.length}</span>
    <button class="ghost" disabled=${busy || at === all.length - 1} aria-label=${t('nextVersion')} onClick=${() => choose(all[at + 1].id)}><${Right} /></button>
  </span>`;
}

function CopyButton({ text }) {
  const [done, setDone] = useState(false);
  return h`<button class="ghost" aria-label=${t('copy')} title=${t('copy')} onClick=${async () => {
    if (!(await copyText(text))) return;
    setDone(true);
    announce(t('copied'));
    setTimeout(() => setDone(false), 1500);
  }}>${done ? h`<${Check} />` : h`<${Copy} />`}</button>`;
}

/** The answer while it is written. */
function Growing({ live }) {
  const view = useMemo(() => {
    const split = computed(() => parts(live.text.value));
    return {
      answer: computed(() => split.value.answer),
      thinking: computed(() => live.reasoning.value || split.value.thinking),
    };
  }, [live]);
  useEffect(() => {
    announce(t('writing'));
    return () => announce(t('finished'));
  }, [live]);
  const thinking = view.thinking.value;
  return h`${thinking && h`<${Thinking} text=${thinking} open=${!view.answer.value} />`}
    ${live.waiting.value && !live.text.value && h`<p class="waiting" aria-label=${t('waiting')}><span></span><span></span><span></span></p>`}
    <${GrowingMarkdown} text=${view.answer} onSettled=${announce} />`;
}

const Thinking = ({ text, open }) => h`<details class="thinking" open=${open}>
  <summary>${open ? t('thinking') : t('thought')}</summary><div>${text}</div></details>`;

function Answer({ node, conversation, busy, last }) {
  const [words, setWords] = useState(false);
  const { thinking, answer, offset } = useMemo(() => parts(node.content ?? ''), [node.content]);
  const reasoning = node.reasoning || thinking;
  const stopped = node.finish === 'stopped';
  return h`${reasoning && h`<${Thinking} text=${reasoning} />`}
    ${answer && h`<${WordView} node=${node} conversation=${conversation} text=${answer} offset=${offset} busy=${busy}
      coloured=${surprise.value || words} walk=${words} />`}
    ${!answer && !node.error && h`<p class="nothing">${stopped ? t('stoppedEmpty') : t('emptyAnswer')}</p>`}
    ${node.error && h`<${Failure} node=${node} busy=${busy} />`}
    <div class="tools">
      <${Branches} node=${node} conversation=${conversation} busy=${busy} />
      ${node.content && h`<${CopyButton} text=${answer || node.content} />`}
      ${(node.content || !node.error) && h`<button class="ghost" disabled=${busy} aria-label=${t('regenerate')} title=${t('regenerate')}
        onClick=${() => regenerate(node.id)}><${Again} /></button>`}
      ${answer && h`<button class="ghost" aria-pressed=${words} aria-label=${t('wordByWord')} title=${t('wordByWord.why')}
        onClick=${() => setWords(!words)}><${Words} /></button>`}
      ${last && answer && !node.error && (stopped || node.finish === 'length') && h`<button class="text" disabled=${busy}
        onClick=${() => continueAnswer(node.id)}><${Play} />${t('continue')}</button>`}
      <${Figures} node=${node} />
    </div>`;
}

/** Tokens, speed and cost, as far as the server told. */
function Figures({ node }) {
  const out = [];
  const completion = node.usage?.completion_tokens;
  if (completion !== undefined) out.push(t('tokens', { n: number(completion) }));
  else if (node.count) out.push(t('aboutTokens', { n: number(node.count) }));
  if (node.rate) out.push(t('rate', { n: node.rate < 10 ? node.rate.toFixed(1) : number(Math.round(node.rate)) }));
  const cost = node.usage?.cost;
  if (cost?.currency) out.push(money(cost.amount, cost.currency));
  else if (typeof cost === 'number') out.push(money(cost, 'USD'));
  const cached = node.usage?.prompt_tokens_details?.cached_tokens;
  const more = [];
  if (node.usage) more.push(t('promptTokens', { n: number(node.usage.prompt_tokens) }));
  if (cached) more.push(t('cachedTokens', { n: number(cached) }));
  if (node.waited) more.push(t('waited', { n: node.waited.toFixed(1) }));
  const w = node.window;
  if (w?.dropped || w?.condensed) out.push(t('leftWindow', { n: number((w.dropped ?? 0) + (w.condensed ?? 0)) }));
  if (node.finish === 'length') out.push(t('cutAtLength'));
  if (node.finish === 'stopped') out.push(t('stopped'));
  return out.length ? h`<span class="figures" title=${more.join(' · ')}>${out.join(' · ')}</span>` : null;
}

function Failure({ node, busy }) {
  const { title, help, action, detail } = explain(node.error);
  const act = {
    retry: () => retry(node.id),
    continue: () => (node.content ? continueAnswer(node.id) : retry(node.id)),
    new: () => newChat(),
    key: () => (keyNeeded.value = true),
    settings: () => (settingsOpen.value = true),
    model: () => document.querySelector('.model select')?.focus(),
  }[action];
  return h`<div class="failure" role="alert"><${Alert} /><div>
    <strong>${title}</strong><p>${help}</p>
    ${detail && h`<details><summary>${t('details')}</summary><code>${[node.error.status || '', node.error.code, node.error.param].filter(Boolean).join(' · ')}</code><p lang="en">${detail}</p></details>`}
    <div class="buttons">
      <button disabled=${busy} class="primary" onClick=${act}>${t(`do.${action}`)}</button>
      ${action !== 'retry' && action !== 'continue' && h`<button disabled=${busy} onClick=${() => retry(node.id)}>${t('retry')}</button>`}
    </div></div></div>`;
}
