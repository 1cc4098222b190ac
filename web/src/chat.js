import { batch, signal } from '@preact/signals';
import { ApiError } from './api.js';
import {
  addMessage, changeMessage, newConversation, path, removeMessage, select, titleOf,
} from './lib/tree.js';
import { LocalStore, indexedDb } from './store/local.js';
import { RemoteStore } from './store/remote.js';
import {
  api, conversations, current, keyNeeded, model, models, modelsError, notice, preferredModel, remembers,
  route, running, searching, settings, temporary,
} from './state.js';

/** What the user can do: every action of the page is a function here. */

let local;
let remote;
/** Conversations that are open or being answered; the newest form of each. */
const open = new Map();

export async function start() {
  local = new LocalStore(await indexedDb());
  remote = new RemoteStore(api.sessions, localStorage);
  await connect();
}

/** Asks the server what it has: again after a key was entered or the server came back. */
export async function connect() {
  await Promise.all([loadModels(), probeSessions()]);
  await refresh();
}

async function loadModels() {
  try {
    models.value = await api.models();
    modelsError.value = null;
    keyNeeded.value = false;
  } catch (e) {
    modelsError.value = e;
    if (e.status === 401) keyNeeded.value = true;
  }
}

async function probeSessions() {
  try {
    await api.sessions.list({ limit: 1 });
    remembers.value = true;
  } catch (e) {
    remembers.value = false;
    if (e.status === 401) keyNeeded.value = true;
  }
}

let refreshes = 0;
export async function refresh() {
  const turn = ++refreshes;
  const query = searching.value.trim();
  const lists = await Promise.all([
    local.list(query),
    remembers.value ? remote.list(query).catch(() => []) : [],
  ]);
  if (turn === refreshes) conversations.value = lists.flat().sort((a, b) => b.updated - a.updated);
}

const storeOf = (conversation) => (conversation.store === 'remote' ? remote : local);

async function find(id) {
  if (open.has(id)) return open.get(id);
  const entry = conversations.value.find((c) => c.id === id);
  if (entry?.store !== 'remote') {
    const found = await local.open(id);
    if (found) return found;
  }
  return remembers.value ? remote.open(id) : null;
}

/** Shows a conversation by its id. */
export async function show(id) {
  const conversation = await find(id).catch(() => null);
  if (route.value.page !== 'chat' || route.value.id !== id) return;
  if (!conversation) {
    notice.value = { key: 'notFound' };
    location.hash = '#/';
    return;
  }
  batch(() => {
    open.set(id, conversation);
    current.value = conversation;
    temporary.value = false;
  });
}

export function newChat({ temporary: unkept = false } = {}) {
  batch(() => {
    if (current.value && !running.value[current.value.id]) open.delete(current.value.id);
    current.value = null;
    temporary.value = unkept;
  });
  if (location.hash !== '#/') location.hash = '#/';
}

/** Replaces a conversation by a changed one, shown or not. */
function update(id, change) {
  const before = open.get(id) ?? current.value;
  if (!before || before.id !== id) return null;
  const after = change(before);
  open.set(id, after);
  if (current.value?.id === id) current.value = after;
  return after;
}

async function save(conversation) {
  if (!conversation || conversation.store === 'none') return;
  await storeOf(conversation).save(conversation).catch(() => (notice.value = { key: 'notSaved' }));
}

/** Sends a message at the end of the branch shown. */
export async function send(text) {
  text = text.trim();
  if (!text || (current.value && running.value[current.value.id])) return false;
  let conversation = current.value;
  if (!conversation) {
    const fields = { title: titleOf(text), system: settings.value.system, model: model.value?.id };
    conversation = newConversation({ ...fields, store: temporary.value ? 'none' : 'local' });
    if (remembers.value && !temporary.value) {
      try {
        const id = await remote.create({ title: fields.title, system: fields.system || undefined });
        conversation = { ...conversation, id, store: 'remote', tips: { [id]: null } };
      } catch (e) {
        if (e.status === 401) keyNeeded.value = true;
        notice.value = { error: e };
        return false;
      }
    }
    open.set(conversation.id, conversation);
    current.value = conversation;
    if (conversation.store !== 'none') history.replaceState(null, '', `#/c/${conversation.id}`);
    if (conversation.store !== 'none') route.value = { page: 'chat', id: conversation.id };
  }
  update(conversation.id, (c) => addMessage(c, { role: 'user', content: text }));
  answer(conversation.id);
  return true;
}

/** Puts a changed message beside the old one and answers it; the old branch stays. */
export function edit(nodeId, text) {
  const c = current.value;
  if (!c || running.value[c.id] || !text.trim()) return;
  update(c.id, (x) => addMessage({ ...x, leaf: x.nodes[nodeId].parent }, { role: 'user', content: text.trim() }));
  answer(c.id);
}

/** Another answer beside this one. */
export function regenerate(nodeId) {
  const c = current.value;
  if (!c || running.value[c.id]) return;
  const node = c.nodes[nodeId];
  update(c.id, (x) => ({ ...x, leaf: node.role === 'assistant' ? node.parent : nodeId }));
  answer(c.id);
}

/** Another answer that begins with `text`: up to a word of this one, and then an alternative. */
export function continueWith(nodeId, text, tokens = []) {
  const c = current.value;
  if (!c || running.value[c.id]) return;
  update(c.id, (x) => ({ ...x, leaf: x.nodes[nodeId].parent }));
  answer(c.id, { text, tokens });
}

/** The rest of an answer that was stopped or cut at its length. */
export async function continueAnswer(nodeId) {
  const c = current.value;
  const tokens = (await local.tokens(nodeId)) ?? [];
  if (c && current.value === c) continueWith(nodeId, c.nodes[nodeId].content, tokens);
}

export const choose = (nodeId) => {
  const c = current.value;
  if (c && !running.value[c.id]) save(update(c.id, (x) => select(x, nodeId)));
};

export const stop = (id = current.value?.id) => running.value[id]?.abort.abort();

/** Tries the last message again, without a trace of the failure. */
export function retry(nodeId) {
  const c = current.value;
  if (!c || running.value[c.id]) return;
  const parent = c.nodes[nodeId].parent;
  update(c.id, (x) => ({ ...removeMessage(x, nodeId), leaf: parent }));
  answer(c.id);
}

function samplers() {
  const s = settings.value;
  const body = {
    temperature: s.temperature, top_p: s.top_p, top_k: s.top_k, min_p: s.min_p,
    repetition_penalty: s.repetition_penalty,
  };
  if (s.max_tokens > 0) body.max_tokens = s.max_tokens;
  if (s.seed !== '' && Number.isSafeInteger(Number(s.seed))) body.seed = Number(s.seed);
  if (s.logprobs) Object.assign(body, { logprobs: true, top_logprobs: 10 });
  return body;
}

/** The messages of a branch as the API takes them. */
export function messagesOf(conversation, leaf) {
  const messages = path(conversation, leaf)
    .filter((n) => n.content && !(n.error && n.role === 'user'))
    .map(({ role, content }) => ({ role, content }));
  if (conversation.system) messages.unshift({ role: 'system', content: conversation.system });
  return messages;
}

/** Streams the answer to the end of the branch; `prefix` is how it must begin. */
async function answer(id, prefix = null) {
  let c = open.get(id);
  const question = c.leaf;
  const askedModel = model.value?.id ?? c.model ?? 'default';
  c = update(id, (x) => addMessage(x, { role: 'assistant', content: '', model: askedModel }));
  const node = c.leaf;
  const live = {
    node, abort: new AbortController(), started: performance.now(), first: 0,
    text: signal(prefix?.text ?? ''), reasoning: signal(''), waiting: signal(true), count: 0,
  };
  const tokens = prefix?.tokens ? [...prefix.tokens] : [];
  running.value = { ...running.value, [id]: live };
  save(c).then(refresh);
  const result = { finish: null };
  let session = null;
  try {
    const body = { model: askedModel, stream: true, stream_options: { include_usage: true }, ...samplers() };
    const begun = prefix?.text ? [{ role: 'assistant', content: prefix.text }] : [];
    if (c.store === 'remote') {
      // A session ends with an answer; the question itself is sent with this request.
      await syncing.get(id);
      c = open.get(id) ?? c;
      session = await remote.sessionEndingAt(c, c.nodes[question].parent);
    }
    if (session) body.session = session;
    const asked = session ? [{ role: 'user', content: c.nodes[question].content }] : messagesOf(c, question);
    body.messages = [...asked, ...begun];
    for await (const part of api.chat(body, { signal: live.abort.signal })) {
      if (part.text || part.reasoning) {
        if (!live.first) live.first = performance.now();
        live.text.value += part.text;
        live.reasoning.value += part.reasoning;
        live.waiting.value = false;
      }
      if (part.tokens) tokens.push(...part.tokens);
      if (part.text !== undefined) live.count += part.tokens?.length || 1;
      else Object.assign(result, part);
    }
  } catch (e) {
    if (e.name === 'AbortError' || live.abort.signal.aborted) result.finish = 'stopped';
    else result.error = e instanceof ApiError ? e.toJSON() : { status: 0, message: String(e), code: 'page' };
    if (e.status === 401) keyNeeded.value = true;
  }
  await finish(id, live, result, tokens, session);
}

async function finish(id, live, result, tokens, session) {
  const { error, usage, finish: reason, window, timings } = result;
  const seconds = (performance.now() - (live.first || live.started)) / 1000;
  const count = usage?.completion_tokens ?? live.count;
  const rate = timings?.predicted_per_second ?? (count > 1 && seconds > 0 ? (count - 1) / seconds : null);
  const change = {
    content: live.text.value, reasoning: live.reasoning.value || undefined, finish: reason ?? undefined,
    usage, window, error, rate, waited: live.first ? (live.first - live.started) / 1000 : null,
    count: usage ? undefined : live.count, hasTokens: tokens.length > 0,
  };
  let c = null;
  if (tokens.length && open.get(id)?.store !== 'none') await local.saveTokens(live.node, tokens).catch(() => {});
  kept.set(live.node, tokens);
  batch(() => {
    c = update(id, (x) => changeMessage(x, live.node, change));
    const { [id]: _, ...rest } = running.value;
    running.value = rest;
  });
  if (!c) {
    open.delete(id);
    return;
  }
  if (session) {
    const done = sync(id, session, live.node);
    syncing.set(id, done);
    await done;
    if (syncing.get(id) === done) syncing.delete(id);
  }
  await save(open.get(id) ?? c);
  if (current.value?.id !== id) open.delete(id);
  refresh();
}

/** Turns whose messages are not known to be on the server yet, by conversation. */
const syncing = new Map();

/** Learns what the server kept of a turn. It may take a moment until it knows that it was stopped. */
async function sync(id, session, leaf) {
  for (const wait of [0, 150, 400, 900]) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const c = open.get(id);
    if (!c) return;
    const synced = await remote.afterTurn(c, session, leaf).catch(() => null);
    if (synced?.tips[session] !== leaf) continue;
    update(id, (x) => ({ ...x, nodes: { ...x.nodes, ...pick(synced, x) }, tips: synced.tips }));
    return;
  }
  // What the session holds is unknown: later turns fork from a message that is sure.
  update(id, (x) => ({ ...x, tips: without(x.tips, session) }));
}

const pick = (synced, now) =>
  Object.fromEntries(Object.keys(now.nodes).filter((n) => synced.nodes[n]).map((n) => [n, { ...now.nodes[n], remote: synced.nodes[n].remote }]));

const without = (tips, session) => Object.fromEntries(Object.entries(tips ?? {}).filter(([s]) => s !== session));

/** Tokens of answers of this visit, temporary ones among them. */
const kept = new Map();
export const tokensFor = async (nodeId) => kept.get(nodeId) ?? (await local.tokens(nodeId)) ?? null;

export async function rename(entry, title) {
  title = title.trim();
  if (!title) return;
  try {
    await storeOf(entry).rename(entry.id, title);
    update(entry.id, (c) => ({ ...c, title }));
  } catch (e) {
    notice.value = { error: e };
  }
  refresh();
}

export async function remove(entry) {
  stop(entry.id);
  try {
    await storeOf(entry).remove(entry.id);
    open.delete(entry.id);
    if (current.value?.id === entry.id) newChat();
  } catch (e) {
    notice.value = { error: e };
  }
  refresh();
}

/** Sets the instruction of this conversation, or of new ones when none is open. */
export async function setSystem(text) {
  const c = current.value;
  if (!c) {
    settings.value = { ...settings.value, system: text };
    return;
  }
  const changed = update(c.id, (x) => ({ ...x, system: text }));
  if (changed.store !== 'remote') return save(changed);
  for (const session of Object.keys(changed.tips ?? {})) {
    await api.sessions.change(session, { system: text }).catch((e) => (notice.value = { error: e }));
  }
}

export const chooseModel = (id) => (preferredModel.value = id);
