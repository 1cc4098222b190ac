/**
 * A conversation as a tree: every message knows its parent, editing or asking again makes a sibling,
 * and `leaf` is the end of the branch that is shown. All functions return new objects.
 */

let counter = 0;
export const newId = (prefix = 'm') =>
  `${prefix}_${Date.now().toString(36)}${(counter++).toString(36)}${Math.random().toString(36).slice(2, 8)}`;

export function newConversation(fields = {}) {
  const now = Date.now();
  return { id: newId('c'), title: '', created: now, updated: now, nodes: {}, leaf: null, system: '', ...fields };
}

/** The messages from the first to `leaf`. */
export function path(conversation, leaf = conversation.leaf) {
  const out = [];
  for (let id = leaf; id && conversation.nodes[id]; id = conversation.nodes[id].parent) {
    out.push(conversation.nodes[id]);
    if (out.length > 100000) break;
  }
  return out.reverse();
}

export function children(conversation, parent) {
  return Object.values(conversation.nodes)
    .filter((n) => n.parent === parent)
    .sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
}

/** Siblings of a message, itself included, oldest first. */
export const siblings = (conversation, id) => children(conversation, conversation.nodes[id].parent);

export function addMessage(conversation, message) {
  const node = { id: newId(), parent: conversation.leaf, created: Date.now(), ...message };
  return {
    ...conversation,
    nodes: { ...conversation.nodes, [node.id]: node },
    leaf: node.id,
    updated: Date.now(),
  };
}

export function changeMessage(conversation, id, change) {
  if (!conversation.nodes[id]) return conversation;
  return { ...conversation, nodes: { ...conversation.nodes, [id]: { ...conversation.nodes[id], ...change } } };
}

/** Shows the branch through `id`, down to where it was left last. */
export function select(conversation, id) {
  let leaf = id;
  for (;;) {
    const below = children(conversation, leaf);
    if (!below.length) return { ...conversation, leaf };
    leaf = below.reduce((a, b) => (latest(conversation, b.id) >= latest(conversation, a.id) ? b : a)).id;
  }
}

function latest(conversation, id) {
  let time = conversation.nodes[id].created;
  for (const child of children(conversation, id)) time = Math.max(time, latest(conversation, child.id));
  return time;
}

/** Removes a message and everything below it; the branch shown falls back to a sibling or the parent. */
export function removeMessage(conversation, id) {
  const node = conversation.nodes[id];
  if (!node) return conversation;
  const nodes = { ...conversation.nodes };
  const stack = [id];
  while (stack.length) {
    const next = stack.pop();
    for (const child of children(conversation, next)) stack.push(child.id);
    delete nodes[next];
  }
  const kept = { ...conversation, nodes };
  if (nodes[conversation.leaf]) return kept;
  const rest = children(kept, node.parent);
  return rest.length ? select(kept, rest.at(-1).id) : { ...kept, leaf: node.parent };
}

/** A title out of the first words. */
export function titleOf(text) {
  const line = text.replace(/[#*`>_~]/g, '').replace(/\s+/g, ' ').trim();
  return line.length > 48 ? line.slice(0, 47).trimEnd() + '…' : line;
}

/** Plain search over title and text, case-insensitive, with Hangul in one normal form. */
export function matches(conversation, query) {
  const q = fold(query);
  if (!q) return true;
  return fold(conversation.title).includes(q) ||
    Object.values(conversation.nodes).some((n) => fold(n.content ?? '').includes(q));
}

const fold = (s) => s.normalize('NFC').toLocaleLowerCase().trim();

/**
 * One tree out of a session and its forks. A session is `{id, forked_from?: {session, message},
 * messages: [{id, role, content, created_at, ...}]}`; a fork repeats the messages of its origin up to
 * the fork point. `tips[sessionId]` is the node where the session ends.
 */
export function treeOfSessions(sessions) {
  const nodes = {};
  const tips = {};
  const byParent = new Map();
  for (const session of [...sessions].sort((a, b) => a.created_at - b.created_at)) {
    let parent = null;
    for (const m of session.messages) {
      if (m.role !== 'user' && m.role !== 'assistant') continue;
      const key = `${parent}|${m.role}|${m.content}`;
      // The same words in the same place are one message: a fork repeats its origin.
      let node = byParent.get(key);
      if (!node) {
        node = {
          id: m.id, parent, role: m.role, content: m.content ?? '',
          created: (m.created_at ?? session.created_at) * 1000,
          model: m.model, usage: m.usage, window: m.window, finish: m.finish_reason,
          remote: {},
        };
        if (nodes[node.id]) node.id = `${session.id}/${m.id}`;
        nodes[node.id] = node;
        byParent.set(key, node);
      }
      node.remote[session.id] = m.id;
      parent = node.id;
    }
    tips[session.id] = parent;
  }
  return { nodes, tips };
}
