/**
 * Server-sent events out of bytes, by the WHATWG rules: lines end in LF, CR or CRLF, an empty line
 * ends an event, several `data` lines are joined by LF, lines that start with a colon are comments.
 * Bytes may be cut anywhere, inside of a character too.
 */
export class SseParser {
  #decoder = new TextDecoder('utf-8');
  #line = '';
  #data = [];
  #event = '';
  #afterCr = false;

  /** The events that these bytes complete: `[{event, data}]`. */
  push(bytes) {
    return this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /** An event that the end of the stream cut off is dropped, as the rules say. */
  end() {
    const events = this.#take(this.#decoder.decode());
    this.#line = '';
    this.#data = [];
    return events;
  }

  #take(text) {
    const events = [];
    let start = 0;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (this.#afterCr && c === 10) {
        this.#afterCr = false;
        start = i + 1;
        continue;
      }
      this.#afterCr = c === 13;
      if (c !== 10 && c !== 13) continue;
      this.#endLine(this.#line + text.slice(start, i), events);
      this.#line = '';
      start = i + 1;
    }
    this.#line += text.slice(start);
    return events;
  }

  #endLine(line, events) {
    if (line === '') {
      if (this.#data.length) events.push({ event: this.#event || 'message', data: this.#data.join('\n') });
      this.#data = [];
      this.#event = '';
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? '' : line.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#event = value;
  }
}

/** The events of a response body, as they arrive. */
export async function* events(body) {
  const parser = new SseParser();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield* parser.push(value);
    }
    yield* parser.end();
  } finally {
    reader.cancel().catch(() => {});
  }
}
