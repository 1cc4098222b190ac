import { events } from './lib/sse.js';
import { tokensOf } from './lib/words.js';

/** What went wrong, in the server's words: OpenAI's error object with its status. Status 0: no server. */
export class ApiError extends Error {
  constructor(status, error = {}, retryAfter) {
    super(error.message ?? `HTTP ${status}`);
    this.status = status;
    this.code = error.code ?? null;
    this.type = error.type ?? null;
    this.param = error.param ?? null;
    this.retryAfter = retryAfter;
  }

  /** As plain data, for storing beside a message. */
  toJSON() {
    const { status, code, type, param, message, retryAfter } = this;
    return { status, code, type, param, message, retryAfter };
  }
}

/** Fields that the page can do without: a server that refuses one of them is asked again without it. */
const OPTIONAL = [
  'logprobs', 'top_logprobs', 'stream_options', 'top_k', 'min_p', 'repetition_penalty', 'seed', 'top_p',
];

/** The server as the page sees it. Paths are relative, so that it works below any path of a proxy. */
export class Api {
  #key;
  #base;
  #refused = new Set();

  constructor({ base = document.baseURI, key = null } = {}) {
    this.#base = base;
    this.#key = key;
  }

  set key(key) {
    this.#key = key || null;
  }

  async #fetch(path, { method = 'GET', body, signal } = {}) {
    const headers = {};
    if (this.#key) headers.authorization = `Bearer ${this.#key}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    let response;
    try {
      response = await fetch(new URL(path, this.#base), {
        method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch (e) {
      if (e.name === 'AbortError') throw e;
      throw new ApiError(0, { message: String(e.message ?? e), code: 'unreachable' });
    }
    if (response.ok) return response;
    let error = {};
    try {
      error = (await response.json()).error ?? {};
    } catch {
      // Not ours: a proxy's page, or nothing.
    }
    const retry = Number(response.headers.get('retry-after'));
    throw new ApiError(response.status, error, retry > 0 ? retry : undefined);
  }

  async #json(path, options) {
    const response = await this.#fetch(path, options);
    if (response.status === 204) return null;
    const text = await response.text();
    try {
      return text ? JSON.parse(text) : null;
    } catch {
      throw new ApiError(response.status, { code: 'not_json', message: text.slice(0, 200) });
    }
  }

  /** `[{id, context, loaded, ownedBy, raw}]`; `context` is the window in tokens, if told. */
  async models() {
    const { data = [] } = await this.#json('v1/models');
    return data.map((m) => ({
      id: m.id,
      context: m.context_length ?? m.max_model_len ?? m.context_window ?? m.meta?.n_ctx ?? null,
      state: m.status?.value ?? m.state ?? (typeof m.status === 'string' ? m.status : null),
      raw: m,
    }));
  }

  /**
   * A streamed answer. Yields `{text, reasoning, tokens}`, and once each, where the server tells:
   * `{finish}`, `{usage}`, `{timings}`, `{window}`, `{session}`.
   */
  async *chat(body, { signal } = {}) {
    const response = await this.#open('v1/chat/completions', body, signal);
    if (!/event-stream/.test(response.headers.get('content-type') ?? '')) {
      throw new ApiError(response.status, { code: 'not_a_stream', message: 'no event stream' });
    }
    let finished = false;
    try {
      for await (const { data } of events(response.body)) {
        if (data === '[DONE]') return;
        let chunk;
        try {
          chunk = JSON.parse(data);
        } catch {
          throw new ApiError(502, { code: 'broken_stream', message: data.slice(0, 200) });
        }
        if (chunk.error) throw new ApiError(chunk.error.status ?? 500, chunk.error);
        const choice = chunk.choices?.[0];
        const delta = choice?.delta ?? {};
        const logprobs = choice?.logprobs?.content;
        if (delta.content || delta.reasoning_content || logprobs?.length) {
          yield {
            text: delta.content ?? '',
            reasoning: delta.reasoning_content ?? '',
            tokens: logprobs ? tokensOf(logprobs) : null,
          };
        }
        if (choice?.finish_reason) {
          finished = true;
          yield { finish: choice.finish_reason };
        }
        for (const name of ['usage', 'timings', 'window', 'session']) {
          if (chunk[name]) yield { [name]: chunk[name] };
        }
      }
    } catch (e) {
      if (e instanceof ApiError || e.name === 'AbortError') throw e;
      throw new ApiError(0, { code: 'connection_lost', message: String(e.message ?? e) });
    }
    // Without [DONE] the answer is whole only when it said how it ended.
    if (!finished) throw new ApiError(0, { code: 'connection_lost', message: 'the stream ended early' });
  }

  async #open(path, body, signal) {
    const asked = { ...body };
    for (const name of this.#refused) delete asked[name];
    for (let tries = 0; ; tries++) {
      try {
        return await this.#fetch(path, { method: 'POST', body: asked, signal });
      } catch (e) {
        const name = String(e.param ?? '').split(/[.[]/)[0];
        if (e.status !== 400 || tries > OPTIONAL.length || !OPTIONAL.includes(name) || !(name in asked)) throw e;
        // A value out of range is the user's to mend; a field unknown to this server is ours.
        if (e.code === 'invalid_value') throw e;
        for (const n of name === 'logprobs' ? ['logprobs', 'top_logprobs'] : [name]) {
          this.#refused.add(n);
          delete asked[n];
        }
      }
    }
  }

  /** How the next word is spread: `{word, choices: [{text, p}], others, exact}`. */
  async nextWord(body, { signal } = {}) {
    const r = await this.#json('v1/next-word', { method: 'POST', body, signal });
    return {
      choices: r.words.map((w) => ({ text: w.word, p: w.probability })),
      others: r.others ?? 0,
      exact: true,
    };
  }

  sessions = {
    list: (params = {}) => this.#json(`v1/sessions${query(params)}`),
    create: (fields) => this.#json('v1/sessions', { method: 'POST', body: fields }),
    get: (id) => this.#json(`v1/sessions/${encodeURIComponent(id)}`),
    change: (id, fields) =>
      this.#json(`v1/sessions/${encodeURIComponent(id)}`, { method: 'PATCH', body: fields }),
    remove: (id) => this.#json(`v1/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    messages: (id) => this.#json(`v1/sessions/${encodeURIComponent(id)}/messages`),
    fork: (id, message) =>
      this.#json(`v1/sessions/${encodeURIComponent(id)}/fork`, { method: 'POST', body: { message } }),
  };

  usage = (params) => this.#json(`v1/usage${query(params)}`);
  costs = (params) => this.#json(`v1/costs${query(params)}`);
  keys = () => this.#json('v1/keys');
  health = () => this.#json('health');

  async metrics() {
    return (await this.#fetch('metrics')).text();
  }
}

function query(params = {}) {
  const entries = Object.entries(params).filter(([, v]) => v !== undefined && v !== null && v !== '');
  return entries.length ? `?${new URLSearchParams(entries)}` : '';
}
