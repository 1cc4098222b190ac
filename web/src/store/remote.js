import { path, treeOfSessions } from '../lib/tree.js';

const FAMILY_KEY = 'tokapu.families';

/**
 * Conversations that the server keeps. A session is one line of talk; a branch is a fork of it. The
 * page shows a session and its forks (a *family*, named by its first session) as one tree.
 */
export class RemoteStore {
  #sessions;
  #storage;
  #roots = new Map();

  constructor(sessions, storage) {
    this.#sessions = sessions;
    this.#storage = storage;
  }

  async list(query = '') {
    const families = new Map();
    for (const s of await this.#all(query)) {
      const root = this.#rootOf(s);
      const updated = (s.updated_at ?? s.created_at) * 1000;
      const seen = families.get(root);
      if (!seen) families.set(root, { id: root, title: s.title ?? '', updated, store: 'remote' });
      else {
        seen.updated = Math.max(seen.updated, updated);
        if (s.id === root) seen.title = s.title ?? '';
      }
    }
    return [...families.values()].sort((a, b) => b.updated - a.updated);
  }

  async open(root) {
    const family = (await this.#all()).filter((s) => this.#rootOf(s) === root);
    if (!family.length) family.push(await this.#sessions.get(root));
    const sessions = await Promise.all(
      family.map(async (s) => ({ ...s, messages: (await this.#sessions.messages(s.id)).data })),
    );
    const { nodes, tips } = treeOfSessions(sessions);
    const first = family.find((s) => s.id === root) ?? family[0];
    const last = family.reduce((a, b) => ((b.updated_at ?? 0) > (a.updated_at ?? 0) ? b : a));
    return {
      id: root, store: 'remote', title: first.title ?? '', system: first.system ?? '', model: last.model,
      created: first.created_at * 1000, updated: (last.updated_at ?? last.created_at) * 1000,
      nodes, tips, leaf: tips[last.id] ?? null,
    };
  }

  /** A new session; its id names the conversation. */
  async create(fields) {
    const session = await this.#sessions.create(fields);
    return session.id;
  }

  /** The session that ends at `parent`, forked from one that passes there if none does; null: no session has it. */
  async sessionEndingAt(conversation, parent) {
    const tips = conversation.tips ?? {};
    const ready = Object.keys(tips).find((id) => tips[id] === parent);
    if (ready) return ready;
    const node = parent && conversation.nodes[parent];
    if (!node) {
      const id = await this.create({ title: conversation.title, system: conversation.system || undefined });
      this.#remember(id, conversation.id);
      return id;
    }
    const [origin] = Object.keys(node.remote ?? {});
    if (!origin) return null;
    const fork = await this.#sessions.fork(origin, node.remote[origin]);
    this.#remember(fork.id, conversation.id);
    return fork.id;
  }

  /** What the server kept of the branch that ends at `leaf`: ids for its nodes, and the session's tip. */
  async afterTurn(conversation, session, leaf) {
    const { data } = await this.#sessions.messages(session);
    const kept = data.filter((m) => m.role === 'user' || m.role === 'assistant');
    const nodes = { ...conversation.nodes };
    let tip = null;
    path(conversation, leaf).forEach((node, i) => {
      const m = kept[i];
      if (!m || m.role !== node.role) return;
      nodes[node.id] = { ...nodes[node.id], remote: { ...nodes[node.id].remote, [session]: m.id } };
      tip = node.id;
    });
    return { ...conversation, nodes, tips: { ...conversation.tips, [session]: tip } };
  }

  async rename(root, title) {
    await this.#sessions.change(root, { title });
  }

  async remove(root) {
    const family = (await this.#all()).filter((s) => this.#rootOf(s) === root);
    // The first session goes last, so that a failure on the way leaves the family findable.
    for (const s of family.filter((s) => s.id !== root)) await this.#sessions.remove(s.id);
    await this.#sessions.remove(root);
  }

  async save() {}

  async #all(query) {
    const all = [];
    let after;
    for (let page = 0; page < 50; page++) {
      const r = await this.#sessions.list({ query, after, limit: 100 });
      all.push(...r.data);
      if (!r.has_more || !r.data.length) break;
      after = r.data.at(-1).id;
    }
    return all;
  }

  #rootOf(session) {
    const known = this.#families()[session.id] ?? session.root;
    if (known) return known;
    const origin = session.forked_from?.session;
    const root = origin ? (this.#roots.get(origin) ?? origin) : session.id;
    this.#roots.set(session.id, root);
    return root;
  }

  #families() {
    try {
      return JSON.parse(this.#storage.getItem(FAMILY_KEY)) ?? {};
    } catch {
      return {};
    }
  }

  #remember(id, root) {
    this.#storage.setItem(FAMILY_KEY, JSON.stringify({ ...this.#families(), [id]: root }));
  }
}
