import { matches } from '../lib/tree.js';

/**
 * Conversations in this browser, where the server keeps none. `backend` holds records by key (see
 * `indexedDb` and `memory`).
 */
export class LocalStore {
  #backend;

  constructor(backend) {
    this.#backend = backend;
  }

  async list(query = '') {
    const all = await this.#backend.all('conversations');
    return all
      .filter((c) => matches(c, query))
      .map(({ id, title, updated }) => ({ id, title, updated, store: 'local' }))
      .sort((a, b) => b.updated - a.updated);
  }

  open = (id) => this.#backend.get('conversations', id);

  async save(conversation) {
    await this.#backend.put('conversations', conversation.id, conversation);
  }

  async rename(id, title) {
    const conversation = await this.open(id);
    if (conversation) await this.save({ ...conversation, title });
  }

  async remove(id) {
    const conversation = await this.open(id);
    for (const node of Object.keys(conversation?.nodes ?? {})) await this.#backend.delete('tokens', node);
    await this.#backend.delete('conversations', id);
  }

  /** The tokens of an answer with their alternatives: big, so apart from the conversation. */
  tokens = (node) => this.#backend.get('tokens', node);
  saveTokens = (node, tokens) => this.#backend.put('tokens', node, tokens);
  removeTokens = (node) => this.#backend.delete('tokens', node);
}

export function memory() {
  const stores = { conversations: new Map(), tokens: new Map() };
  return {
    all: async (store) => [...stores[store].values()],
    get: async (store, key) => stores[store].get(key),
    put: async (store, key, value) => void stores[store].set(key, structuredClone(value)),
    delete: async (store, key) => void stores[store].delete(key),
  };
}

/** Records in IndexedDB; in memory where the browser allows none (private windows of some). */
export async function indexedDb(name = 'tokapu') {
  try {
    const db = await promise(() => {
      const open = indexedDB.open(name, 1);
      open.onupgradeneeded = () => {
        open.result.createObjectStore('conversations');
        open.result.createObjectStore('tokens');
      };
      return open;
    });
    const on = (store, mode) => db.transaction(store, mode).objectStore(store);
    return {
      all: (store) => promise(() => on(store, 'readonly').getAll()),
      get: (store, key) => promise(() => on(store, 'readonly').get(key)),
      put: (store, key, value) => promise(() => on(store, 'readwrite').put(value, key)),
      delete: (store, key) => promise(() => on(store, 'readwrite').delete(key)),
    };
  } catch {
    return memory();
  }
}

function promise(start) {
  return new Promise((resolve, reject) => {
    const request = start();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
