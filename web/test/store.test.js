import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMock } from '../dev/mock.mjs';
import { Api } from '../src/api.js';
import en from '../src/i18n/en.js';
import ko from '../src/i18n/ko.js';
import { parseMetrics, total } from '../src/lib/prometheus.js';
import {
  addMessage, children, matches, newConversation, path, removeMessage, select, siblings, titleOf, treeOfSessions,
} from '../src/lib/tree.js';
import { LocalStore, memory } from '../src/store/local.js';
import { RemoteStore } from '../src/store/remote.js';

const user = (content) => ({ role: 'user', content });
const bot = (content) => ({ role: 'assistant', content });
const texts = (c) => path(c).map((n) => n.content).join(' ');

test('an edit makes a branch, and the way back shows what was left', () => {
  let c = ['1', '2', '3', '4'].reduce((x, t, i) => addMessage(x, i % 2 ? bot(t) : user(t)), newConversation());
  const [, , third] = path(c);
  const old = c.leaf;
  c = addMessage({ ...c, leaf: third.parent }, user('3b'));
  c = addMessage(c, bot('4b'));
  assert.equal(texts(c), '1 2 3b 4b');
  assert.deepEqual(siblings(c, third.id).map((n) => n.content), ['3', '3b']);
  c = select(c, third.id);
  assert.equal(c.leaf, old);
  assert.equal(texts(c), '1 2 3 4');
});

test('removing a message takes what is below it', () => {
  let c = addMessage(addMessage(newConversation(), user('q')), bot('a'));
  const [q, a] = path(c);
  c = addMessage({ ...c, leaf: q.id }, bot('b'));
  c = removeMessage(c, c.leaf);
  assert.equal(c.leaf, a.id);
  c = removeMessage(c, q.id);
  assert.deepEqual([c.leaf, Object.keys(c.nodes).length], [null, 0]);
});

test('search finds Korean in either normal form', () => {
  const c = addMessage(newConversation({ title: '여행' }), user('제주도 한라산'));
  assert.ok(matches(c, '한라'.normalize('NFD')));
  assert.ok(matches(c, '여행'));
  assert.ok(!matches(c, '부산'));
});

test('titles are one short line', () => {
  assert.equal(titleOf('## Hello\n**world**'), 'Hello world');
  assert.ok(titleOf('가'.repeat(100)).length <= 48);
});

test('a session and its forks are one tree', () => {
  const m = (id, role, content) => ({ id, role, content });
  const { nodes, tips } = treeOfSessions([
    { id: 's1', created_at: 1, messages: [m('1', 'user', 'q'), m('2', 'assistant', 'a'), m('3', 'user', 'r')] },
    { id: 's2', created_at: 2, messages: [m('4', 'user', 'q'), m('5', 'assistant', 'b')] },
  ]);
  const c = { nodes, leaf: tips.s2 };
  assert.equal(texts(c), 'q b');
  assert.deepEqual(children(c, '1').map((n) => n.content), ['a', 'b']);
  assert.deepEqual(nodes['1'].remote, { s1: '1', s2: '4' });
});

test('conversations in the browser', async () => {
  const store = new LocalStore(memory());
  const c = addMessage(newConversation({ title: '하나', store: 'local' }), user('김치찌개'));
  await store.save(c);
  await store.save(newConversation({ title: 'two' }));
  assert.deepEqual((await store.list('김치')).map((e) => e.title), ['하나']);
  await store.rename(c.id, '둘');
  assert.equal((await store.open(c.id)).title, '둘');
  await store.saveTokens(c.leaf, [1]);
  await store.remove(c.id);
  assert.equal((await store.list()).length, 1);
  assert.equal(await store.tokens(c.leaf), undefined);
});

test('conversations on the server: a turn, a branch, the whole as one conversation', async () => {
  const mock = await startMock({ pause: 0, speed: 0 });
  try {
    const api = new Api({ base: mock.url });
    const values = new Map();
    const storage = { getItem: (k) => values.get(k) ?? null, setItem: (k, v) => values.set(k, v) };
    const store = new RemoteStore(api.sessions, storage);
    const id = await store.create({ title: '대화' });
    let c = { id, nodes: {}, leaf: null, tips: { [id]: null }, title: '대화' };
    const turn = async (text) => {
      const parent = c.leaf;
      const session = await store.sessionEndingAt(c, parent);
      c = addMessage(c, user(text));
      let said = '';
      for await (const part of api.chat({ model: 'm', stream: true, session, messages: [user(text)] })) said += part.text ?? '';
      c = addMessage(c, bot(said));
      c = await store.afterTurn(c, session, c.leaf);
      return session;
    };
    const first = await turn('메아리 하나');
    const end = c.leaf;
    assert.equal(await turn('메아리 둘'), first);
    c = { ...c, leaf: end };
    assert.notEqual(await turn('메아리 셋'), first);
    c = { ...c, leaf: null };
    await turn('메아리 넷');
    assert.equal((await store.list()).length, 1);
    const again = await new RemoteStore(api.sessions, storage).open(id);
    assert.equal(texts(again), '메아리 넷 받은 말: 메아리 넷');
    assert.equal(Object.keys(again.nodes).length, 8);
    await store.remove(id);
    assert.equal(mock.store.size, 0);
  } finally {
    await mock.close();
  }
});

test('a field that the server does not know is left out', async () => {
  const asked = [];
  const real = globalThis.fetch;
  globalThis.fetch = async (_, { body }) => {
    const fields = JSON.parse(body);
    asked.push(Object.keys(fields));
    const bad = ['min_p', 'logprobs'].find((f) => f in fields);
    if (bad) return Response.json({ error: { message: 'unknown', param: bad, code: 'unknown_parameter' } }, { status: 400 });
    const data = 'data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
    return new Response(data, { headers: { 'content-type': 'text/event-stream' } });
  };
  try {
    const api = new Api({ base: 'http://x/' });
    const parts = [];
    for await (const p of api.chat({ model: 'm', min_p: 0.1, logprobs: true, top_logprobs: 5 })) parts.push(p);
    assert.deepEqual(parts, [{ text: 'hi', reasoning: '', tokens: null }, { finish: 'stop' }]);
    assert.deepEqual(asked.at(-1), ['model']);
    for await (const p of api.chat({ model: 'm', min_p: 0.1 })) parts.push(p);
    assert.equal(asked.length, 4);
  } finally {
    globalThis.fetch = real;
  }
});

test('errors carry their code, a broken stream is no answer', async () => {
  const mock = await startMock({ pause: 0, speed: 1 });
  try {
    const api = new Api({ base: mock.url });
    const run = async (text) => {
      for await (const _ of api.chat({ model: 'm', messages: [user(text)] }));
    };
    await assert.rejects(run('!long'), { status: 400, code: 'context_length_exceeded', param: 'messages' });
    await assert.rejects(run('!503'), { status: 503, retryAfter: 5 });
    await assert.rejects(run('!cut'), { status: 0, code: 'connection_lost' });
  } finally {
    await mock.close();
  }
  await assert.rejects(new Api({ base: mock.url }).models(), { status: 0, code: 'unreachable' });
});

test('Prometheus text', () => {
  const m = parseMetrics('# HELP a b\na{x="q\\"\\n",y="2"} 1.5 1700\na{x="z"} 2\nb 1e3\nc +Inf\n');
  assert.equal(total(m, 'a'), 3.5);
  assert.equal(m.get('a')[0].labels.x, 'q"\n');
  assert.equal(total(m, 'none', 'b'), 1000);
  assert.equal(total(m, 'none'), undefined);
});

test('every language has every text', () => {
  assert.deepEqual(Object.keys(ko).sort(), Object.keys(en).sort());
  const holes = (s) => (s.match(/\{\w+\}/g) ?? []).sort();
  for (const key of Object.keys(en)) assert.deepEqual(holes(ko[key]), holes(en[key]), key);
});
