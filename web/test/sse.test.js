import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SseParser, events } from '../src/lib/sse.js';

const encode = (s) => new TextEncoder().encode(s);
const STREAM = ': comment\r\ndata: {"t":"안녕 🍔"}\r\n\r\ndata: a\ndata: b\n\nevent: x\rdata:c\r\rdata\n\nid: 7\n\ndata: [DONE]\n\n';
const EXPECTED = [
  { event: 'message', data: '{"t":"안녕 🍔"}' },
  { event: 'message', data: 'a\nb' },
  { event: 'x', data: 'c' },
  { event: 'message', data: '' },
  { event: 'message', data: '[DONE]' },
];

test('a stream may be cut at any byte, also inside of a character and of CRLF', () => {
  const bytes = encode(STREAM);
  for (let i = 0; i <= bytes.length; i++) {
    for (const j of [i, Math.min(bytes.length, i + 1), Math.min(bytes.length, i + 3)]) {
      const parser = new SseParser();
      const got = [bytes.subarray(0, i), bytes.subarray(i, j), bytes.subarray(j)].flatMap((b) => parser.push(b));
      assert.deepEqual([...got, ...parser.end()], EXPECTED, `cut at ${i} and ${j}`);
    }
  }
});

test('one byte at a time', () => {
  const parser = new SseParser();
  assert.deepEqual([...encode(STREAM)].flatMap((b) => parser.push(Uint8Array.of(b))), EXPECTED);
});

test('an event without its empty line is dropped', () => {
  const parser = new SseParser();
  assert.deepEqual([...parser.push(encode('data: half')), ...parser.end()], []);
});

test('leaving the loop cancels the body', async () => {
  let cancelled = false;
  const body = new ReadableStream({
    pull: (c) => c.enqueue(encode('data: 1\n\n')),
    cancel: () => void (cancelled = true),
  });
  for await (const e of events(body)) {
    assert.equal(e.data, '1');
    break;
  }
  await new Promise((r) => setTimeout(r));
  assert.ok(cancelled);
});
