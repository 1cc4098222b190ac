// A server that behaves like Tokapu's, for working on the page without a model:
//   node dev/mock.mjs [--port 11901] [--no-sessions] [--no-next-word] [--key SECRET] [--pause MS] [--empty]
// Words in a message make it misbehave: `!500`, `!429`, `!503`, `!long`, `!cut` (the connection breaks), `!bad`.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ALTERNATIVES, answerTo } from './answers.mjs';

const WEB = fileURLToPath(new URL('../../server/src/main/resources/org/tokapu/server/web', import.meta.url));
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.txt': 'text/plain; charset=utf-8' };
const CONTEXT = 4096;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const now = () => Date.now() / 1000;
let ids = 0;
const id = (prefix) => `${prefix}_${(++ids).toString(36).padStart(6, '0')}`;

/** Tokens of a text: a space and up to three characters; the first Hangul syllable is cut in two, as real ones are. */
export function tokenize(text) {
  const out = [];
  for (const word of text.match(/\s?[^\s]+|\s+/g) ?? []) {
    const chars = [...word];
    const step = /[가-힣]/.test(word) ? 2 : 5;
    const first = word.startsWith(' ') ? step + 1 : step;
    if (chars.length) out.push(chars.slice(0, first).join(''));
    for (let i = first; i < chars.length; i += step) out.push(chars.slice(i, i + step).join(''));
  }
  return out;
}

const bytes = (s) => [...Buffer.from(s)];
function random(seed) {
  let x = seed | 0;
  return () => ((x = (Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0), ((x >>> 8) & 0xffff) / 65536);
}

function logprob(token, index) {
  const known = Object.entries(ALTERNATIVES).find(([w]) => w.startsWith(token.trim()) && token.trim().length > 1);
  const list = known ? known[1].map(([t, p]) => [tokenize(t)[0], p]) : null;
  const r = random([...token].reduce((n, c) => n * 31 + c.codePointAt(0), index * 7 + 1));
  r();
  const p = list ? 0.6 : r() < 0.72 ? 0.55 + 0.449 * r() : 0.4 * r() ** 3 + 0.002;
  const others = list ?? [[token, p], ...[' 그리고', ' 하지만', ' 그래서', ' 먼저', '는', '가'].map((t, i) => [t, (1 - p) * 0.5 ** (i + 1)])];
  return {
    token, logprob: Math.log(p), bytes: bytes(token),
    top_logprobs: others.map(([t, q]) => ({ token: t, logprob: Math.log(q), bytes: bytes(t) })),
  };
}

export function startMock({ port = 0, sessions = true, nextWord = true, key = null, pause = 500, speed = 14, empty = false, quiet = true } = {}) {
  const store = new Map();
  const totals = { prompt: 0, generated: 0, running: 0, requests: 0 };
  const log = [];
  const server = createServer((req, res) => handle(req, res).catch((e) => fail(res, 500, { message: String(e.stack) })));

  const json = (res, status, body, headers = {}) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(JSON.stringify(body));
  };
  const fail = (res, status, error, headers) =>
    json(res, status, { error: { message: '', type: 'invalid_request_error', param: null, code: null, ...error } }, headers);

  async function handle(req, res) {
    const url = new URL(req.url, 'http://mock');
    const path = url.pathname;
    if (path === '/health') return json(res, 200, { status: 'ok' });
    if (!path.startsWith('/v1/') && path !== '/metrics') return file(res, path);
    if (key && req.headers.authorization !== `Bearer ${key}`) return fail(res, 401, { message: 'No valid API key.', code: 'invalid_api_key' });
    let body = '';
    for await (const part of req) body += part;
    body = body ? JSON.parse(body) : {};
    log.push({ method: req.method, path, query: Object.fromEntries(url.searchParams), body });
    if (!quiet) console.log(req.method, req.url);
    if (path === '/metrics') return metrics(res);
    if (path === '/v1/models') return json(res, 200, { object: 'list', data: [
      { id: 'llama-3.2-3b-instruct-q4_k_m', object: 'model', created: 1, owned_by: 'tokapu', context_length: CONTEXT, status: 'loaded', meta: { size: 2019377152 } },
      { id: 'qwen3-0.6b-q8_0', object: 'model', created: 1, owned_by: 'tokapu', context_length: 32768, status: 'unloaded', meta: { size: 639446688 } }] });
    if (path === '/v1/chat/completions') return chat(req, res, body);
    if (path === '/v1/next-word' && nextWord) return forecast(res, body);
    if (path.startsWith('/v1/sessions') && sessions) return session(req, res, url, body);
    if (path === '/v1/usage' && !empty) return json(res, 200, days((i) => ({ object: 'usage.result', input_tokens: 4000 + ((i * 7919) % 9000), output_tokens: 1500 + ((i * 104729) % 5000), num_model_requests: 20 + (i % 9) })));
    if (path === '/v1/costs' && !empty) return json(res, 200, days((i) => ({ object: 'costs.result', amount: { value: 30 + ((i * 7919) % 70), currency: 'KRW' }, measured: { value: 4 + (i % 5), currency: 'KRW' }, hosted: { value: 22 + (i % 11), currency: 'KRW' } })));
    if (path === '/v1/keys' && !empty) return json(res, 200, { object: 'list', data: [
      { id: 'key_1', name: '개발팀', scopes: ['chat'], created_at: 1793000000, last_used_at: now() },
      { id: 'key_2', name: 'admin', scopes: ['chat', 'admin'], created_at: 1792000000, last_used_at: null }] });
    return fail(res, 404, { message: `No such path: ${path}` });
  }

  const days = (result) => ({ object: 'page', has_more: false, data: Array.from({ length: 30 }, (_, i) => {
    const start = Math.floor(now() / 86400 - 29 + i) * 86400;
    return { object: 'bucket', start_time: start, end_time: start + 86400, results: [result(i)] };
  }) });

  function metrics(res) {
    if (empty) return fail(res, 404, { message: 'no metrics' });
    totals.generated += Math.round(40 + 30 * Math.sin(Date.now() / 9000) + Math.random() * 12);
    totals.prompt += Math.round(60 * Math.random());
    res.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    res.end(`# HELP tokapu_requests_running Answers being written.
# TYPE tokapu_requests_running gauge
tokapu_requests_running{model="llama"} ${totals.running + 3}
tokapu_requests_waiting{model="llama"} 1
tokapu_generated_tokens_total{model="llama"} ${totals.generated}
tokapu_prompt_tokens_total{model="llama"} ${totals.prompt}
tokapu_kv_pages{model="llama"} 2048
tokapu_kv_pages_used{model="llama"} 731
tokapu_sessions ${store.size}
process_resident_memory_bytes 3.2e9
`);
  }

  function file(res, path) {
    const name = normalize(path === '/' ? '/index.html' : path);
    try {
      const full = join(WEB, name);
      if (!full.startsWith(WEB) || !statSync(full).isFile()) throw new Error();
      // The policy of the real server: the page must live with it.
      res.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream', 'content-security-policy': "default-src 'self'" });
      createReadStream(full).pipe(res);
    } catch {
      fail(res, 404, { message: 'no such file' });
    }
  }

  const object = ({ messages, ...s }) => ({ object: 'session', ...s });
  const message = (role, content, more = {}) => ({ id: id('msg'), object: 'session.message', role, content, created_at: now(), ...more });

  function session(req, res, url, body) {
    const [, , , sid, action] = url.pathname.split('/');
    if (!sid && req.method === 'GET') {
      const q = (url.searchParams.get('query') ?? '').normalize('NFC').toLowerCase();
      const data = [...store.values()].filter((s) => !q || s.title.toLowerCase().includes(q) || s.messages.some((m) => m.content.toLowerCase().includes(q)));
      return json(res, 200, { object: 'list', data: data.map(object), has_more: false });
    }
    if (!sid) {
      const s = { id: id('ses'), title: body.title ?? '', system: body.system ?? null, model: body.model ?? null, created_at: now(), updated_at: now(), forked_from: null, messages: [] };
      s.root = s.id;
      store.set(s.id, s);
      return json(res, 200, object(s));
    }
    const s = store.get(sid);
    if (!s) return fail(res, 404, { message: 'no such session', code: 'session_not_found' });
    if (action === 'messages') return json(res, 200, { object: 'list', data: s.messages, has_more: false });
    if (action === 'fork') {
      const at = s.messages.findIndex((m) => m.id === body.message);
      if (at < 0) return fail(res, 404, { message: 'no such message', param: 'message' });
      const fork = { ...s, id: id('ses'), created_at: now(), updated_at: now(), forked_from: { session: s.id, message: body.message }, messages: s.messages.slice(0, at + 1).map((m) => ({ ...m, id: id('msg') })) };
      store.set(fork.id, fork);
      return json(res, 200, object(fork));
    }
    if (req.method === 'PATCH') Object.assign(s, body);
    if (req.method === 'DELETE') {
      store.delete(sid);
      return json(res, 200, { id: sid, object: 'session.deleted', deleted: true });
    }
    return json(res, 200, object(s));
  }

  function forecast(res, body) {
    const prefix = body.messages.at(-1).role === 'assistant' ? body.messages.at(-1).content : '';
    const known = /저녁은$/.test(prefix) ? ALTERNATIVES.햄버거 : /about a$/.test(prefix) ? ALTERNATIVES.burger
      : [[' 그리고', 0.41], [' 그런데', 0.23], [' 하지만', 0.11], [' 또한', 0.05]];
    json(res, 200, { object: 'next_word', words: known.map(([word, probability]) => ({ word, probability })), others: 1 - known.reduce((n, [, p]) => n + p, 0) });
  }

  async function chat(req, res, body) {
    const s = body.session ? store.get(body.session) : null;
    if (body.session && !s) return fail(res, 404, { message: 'no such session', param: 'session' });
    const begun = body.messages.at(-1).role === 'assistant' ? body.messages.at(-1).content : '';
    const asked = body.messages.filter((m) => m.role === 'user').at(-1)?.content ?? '';
    if (/!500/.test(asked)) return fail(res, 500, { message: 'The model crashed.', type: 'server_error' });
    if (/!429/.test(asked)) return fail(res, 429, { message: 'Too many requests.', code: 'rate_limit_exceeded' }, { 'retry-after': '20' });
    if (/!503/.test(asked)) return fail(res, 503, { message: 'Queue full.', code: 'overloaded' }, { 'retry-after': '5' });
    if (/!bad/.test(asked)) return fail(res, 400, { message: 'temperature must be between 0 and 2', param: 'temperature', code: 'invalid_value' });
    if (/!long/.test(asked)) return fail(res, 400, { message: "This model's maximum context length is 4096 tokens.", param: 'messages', code: 'context_length_exceeded' });
    const whole = answerTo(asked);
    const rest = begun && whole.startsWith(begun) ? whole.slice(begun.length) : begun ? ' 하나면 충분해요. 밥 한 그릇과 같이 먹으면 잘 어울립니다.' : whole;
    const history = s ? s.messages : body.messages;
    const promptTokens = 24 + history.reduce((n, m) => n + tokenize(m.content).length + 4, 0) + (s ? tokenize(asked).length : 0);
    totals.running++;
    totals.requests++;
    let gone = false;
    res.on('close', () => (gone = true));
    res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    const head = { id: id('chatcmpl'), object: 'chat.completion.chunk', created: Math.floor(now()), model: body.model };
    const write = (chunk) => res.write(`data: ${JSON.stringify({ ...head, ...chunk })}\n\n`);
    const choice = (delta, finish = null, logprobs = null) => ({ choices: [{ index: 0, delta, logprobs, finish_reason: finish }] });
    write(choice({ role: 'assistant', content: '' }));
    res.write(': keep-alive\n\n');
    await sleep(pause);
    const all = tokenize(rest);
    const limit = body.max_tokens ?? Infinity;
    let said = begun;
    let count = 0;
    const started = Date.now();
    for (const token of all) {
      if (gone || count >= limit) break;
      if (/!cut/.test(asked) && count === 12) {
        totals.running--;
        return res.destroy();
      }
      write(choice({ content: token }, null, body.logprobs ? { content: [logprob(token, count)], refusal: null } : null));
      said += token;
      count++;
      if (speed) await sleep(speed);
      if (pause && count % 40 === 0) await sleep(pause);
    }
    totals.running--;
    const usage = {
      prompt_tokens: promptTokens, completion_tokens: count, total_tokens: promptTokens + count,
      prompt_tokens_details: { cached_tokens: s ? Math.floor(promptTokens * 0.8) : 0 },
      cost: { amount: (promptTokens + count * 3) / 5000, currency: 'KRW' },
    };
    totals.generated += count;
    totals.prompt += promptTokens;
    const window = s ? { limit: CONTEXT, system: 24, kept: promptTokens - 24, condensed: promptTokens > 900 ? 310 : 0, dropped: promptTokens > 900 ? 122 : 0 } : undefined;
    if (s) {
      s.messages.push(message('user', asked), message('assistant', said, { model: body.model, usage, window, finish_reason: gone ? 'stopped' : 'stop' }));
      s.updated_at = now();
    }
    if (gone) return;
    write(choice({}, count >= limit && count < all.length ? 'length' : 'stop'));
    if (body.stream_options?.include_usage) write({ choices: [], usage, window, timings: { predicted_per_second: speed ? count / ((Date.now() - started) / 1000) : 23.4 } });
    res.end('data: [DONE]\n\n');
  }

  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve({
    url: `http://127.0.0.1:${server.address().port}/`, log, store,
    close: () => new Promise((done) => {
      server.closeAllConnections();
      server.close(done);
    }),
  })));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const arg = (name, fallback) => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? fallback : process.argv[at + 1];
  };
  const has = (name) => process.argv.includes(`--${name}`);
  const mock = await startMock({ port: Number(arg('port', 11901)), sessions: !has('no-sessions'), nextWord: !has('no-next-word'), key: arg('key', null), pause: Number(arg('pause', 500)), empty: has('empty'), quiet: false });
  console.log(mock.url);
}
