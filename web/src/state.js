import { computed, signal } from '@preact/signals';
import { Api } from './api.js';

/** What the page knows. Components read signals; `chat.js` and the components' handlers write them. */

const stored = (name, fallback) => {
  try {
    return JSON.parse(localStorage.getItem(`tokapu.${name}`)) ?? fallback;
  } catch {
    return fallback;
  }
};

/** A signal that survives a reload. */
function kept(name, fallback) {
  const initial = stored(name, fallback);
  const s = signal(
    fallback && typeof fallback === 'object' && !Array.isArray(fallback) ? { ...fallback, ...initial } : initial,
  );
  s.subscribe((value) => {
    try {
      localStorage.setItem(`tokapu.${name}`, JSON.stringify(value));
    } catch {
      // A full or forbidden storage costs only the memory of this setting.
    }
  });
  return s;
}

export const theme = kept('theme', 'system');
export const apiKey = kept('key', null);
export const preferredModel = kept('model', null);
export const surprise = kept('surprise', false);
export const DEFAULTS = {
  system: '', temperature: 0.8, top_p: 0.95, top_k: 40, min_p: 0.05, repetition_penalty: 1.05,
  max_tokens: 0, seed: '', logprobs: true,
};
export const settings = kept('settings', DEFAULTS);

export const api = new Api({ key: apiKey.value });
apiKey.subscribe((key) => (api.key = key));

/** `new`, `chat` or `operator`, with the conversation's id. */
export const route = signal({ page: 'new' });

export const models = signal(null);
export const modelsError = signal(null);
/** Whether the server keeps conversations: null as long as unknown. */
export const remembers = signal(null);
export const keyNeeded = signal(false);

export const conversations = signal([]);
export const searching = signal('');
/** The open conversation, or null for a new one. */
export const current = signal(null);
export const temporary = signal(false);
/** Answers being written: `{conversation id: {node, text, reasoning, tokens, rate, waiting, stop}}` as signals. */
export const running = signal({});

export const drawer = signal(false);
export const settingsOpen = signal(false);
export const notice = signal(null);

export const model = computed(() => {
  const list = models.value ?? [];
  const wanted = preferredModel.value;
  return list.find((m) => m.id === wanted) ?? list[0] ?? null;
});

/** How full the window is after the last answer shown: `{used, limit, window}` in tokens. */
export const fill = computed(() => {
  const conversation = current.value;
  const limit = model.value?.context ?? null;
  if (!conversation) return { used: 0, limit };
  for (let id = conversation.leaf; id; id = conversation.nodes[id]?.parent) {
    const node = conversation.nodes[id];
    if (!node) break;
    if (node.usage) {
      const used = (node.usage.prompt_tokens ?? 0) + (node.usage.completion_tokens ?? 0);
      return { used, limit: node.window?.limit ?? limit, window: node.window ?? null };
    }
  }
  return { used: 0, limit };
});
