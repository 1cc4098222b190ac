import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startMock } from '../dev/mock.mjs';
import { answered, ask, browser, openPage } from './browser.js';

let b;
before(async () => (b = await browser()));
after(() => b.close());

/** Runs on a page of its own against a server of its own; what the browser complains about fails. */
function on(name, options, act) {
  test(name, async () => {
    const { context, hash = '', ...server } = options;
    const mock = await startMock({ pause: 30, speed: 2, ...server });
    const { page, problems } = await openPage(b, mock.url + hash, context);
    try {
      await act(page, mock);
      assert.deepEqual(problems, []);
    } finally {
      await page.context().close();
      await mock.close();
    }
  });
}

const chats = (mock) => mock.log.filter((r) => r.path === '/v1/chat/completions').map((r) => r.body);
const button = (page, name) => page.getByRole('button', { name, exact: true });

on('chat: Markdown, formulas and code without a server that remembers', { sessions: false }, async (page, mock) => {
  await ask(page, '자바 코드를 보여 줘');
  await answered(page);
  await page.locator('.answer .katex').first().waitFor();
  await page.locator('.answer .hljs-keyword').first().waitFor();
  assert.equal(await page.locator('.answer script').count(), 0);
  assert.match(await page.locator('.figures').innerText(), /토큰 · 초당 .+토큰 · ₩/);
  await page.locator('.code figcaption button').click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^static int lcs/);
  await ask(page, '메아리 둘째');
  await page.getByText('받은 말: 메아리 둘째').waitFor();
  await page.locator('.answer').nth(1).locator('.figures').waitFor();
  const [first, second] = chats(mock);
  assert.deepEqual(first.messages.map((m) => m.role), ['user']);
  assert.deepEqual(second.messages.map((m) => m.role), ['user', 'assistant', 'user']);
  assert.equal(second.session, undefined);
  await page.reload();
  await page.getByText('받은 말: 메아리 둘째').waitFor();
  assert.match(await page.locator('.meter').innerText(), /%/);
});

on('streaming: what is finished is not drawn again', { speed: 6 }, async (page) => {
  await ask(page, '길게 이야기해 줘');
  await page.locator('.growing .block').nth(3).waitFor();
  await page.evaluate(() => {
    window.first = document.querySelector('.growing .block');
    window.changes = 0;
    new MutationObserver((list) => (window.changes += list.length)).observe(window.first, { subtree: true, childList: true, characterData: true });
  });
  await page.locator('.growing .block').nth(8).waitFor();
  assert.equal(await page.evaluate(() => window.changes), 0);
  assert.ok(await page.evaluate(() => window.first.isConnected));
  const near = await page.locator('.scroller').evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight);
  assert.ok(near < 60, `follows the end: ${near}`);
  await button(page, '멈추기').click();
  await page.locator('.figures').getByText('멈춤').waitFor();
});

for (const sessions of [true, false]) {
  const where = sessions ? 'kept by the server' : 'kept in the browser';
  on(`stop, continue, regenerate and back, ${where}`, { sessions, speed: 6 }, async (page, mock) => {
    await ask(page, '길게 이야기해 줘');
    await page.getByText('3번째 문단').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.figures').getByText('멈춤').waitFor();
    const stopped = await page.locator('.answer .prose').innerText();
    await page.waitForTimeout(150);
    assert.equal(await page.locator('.answer .prose').innerText(), stopped);
    await button(page, '이어서 쓰기').click();
    await page.locator('.growing').getByText('5번째 문단').first().waitFor();
    await button(page, '멈추기').click();
    await page.locator('.branches').getByText('2/2').waitFor();
    assert.equal(chats(mock)[1].messages.at(-1).role, 'assistant');
    assert.ok((await page.locator('.answer .prose').innerText()).startsWith(stopped));
    await button(page, '이전 버전').click();
    await page.locator('.branches').getByText('1/2').waitFor();
    assert.equal(await page.locator('.answer .prose').innerText(), stopped);
    await button(page, '다시 답하기').click();
    await page.locator('.growing').getByText('1번째 문단').first().waitFor();
    await button(page, '멈추기').click();
    await page.locator('.branches').getByText('3/3').waitFor();
    await page.reload();
    await page.locator('.branches').getByText('3/3').waitFor();
  });

  on(`edit and branch, with a way back, ${where}`, { sessions }, async (page, mock) => {
    await ask(page, '메아리 하나');
    await answered(page);
    await ask(page, '메아리 둘');
    await page.getByText('받은 말: 메아리 둘').waitFor();
    await page.locator('.answer').nth(1).locator('.figures').waitFor();
    await page.locator('.question').nth(1).hover();
    await page.locator('.question').nth(1).getByRole('button', { name: '메시지 고치기' }).click();
    await page.locator('.editor textarea').fill('메아리 셋');
    await page.locator('.editor textarea').press('Enter');
    await page.getByText('받은 말: 메아리 셋').waitFor();
    await page.locator('.answer').nth(1).locator('.figures').waitFor();
    assert.equal(await page.getByText('받은 말: 메아리 둘').count(), 0);
    await page.locator('.question').nth(1).getByRole('button', { name: '이전 버전' }).click();
    await page.getByText('받은 말: 메아리 둘').waitFor();
    await ask(page, '메아리 넷');
    await page.getByText('받은 말: 메아리 넷').waitFor();
    await page.locator('.answer').nth(2).locator('.figures').waitFor();
    const last = chats(mock).at(-1);
    if (sessions) {
      assert.deepEqual(last.messages, [{ role: 'user', content: '메아리 넷' }]);
      assert.deepEqual(mock.store.get(last.session).messages.map((m) => m.content).filter((t) => !/받은/.test(t)), ['메아리 하나', '메아리 둘', '메아리 넷']);
    } else {
      assert.deepEqual(last.messages.filter((m) => m.role === 'user').map((m) => m.content), ['메아리 하나', '메아리 둘', '메아리 넷']);
    }
    await page.reload();
    await page.getByText('받은 말: 메아리 넷').waitFor();
    await page.locator('.question').nth(1).getByText('1/2').waitFor();
    assert.equal(await page.locator('.list li').count(), 1);
  });

  on(`list: search, rename, delete, new, ${where}`, { sessions }, async (page) => {
    for (const text of ['메아리 한라산 등반', '메아리 부산 바다']) {
      await button(page, '새 대화').click();
      await ask(page, text);
      await answered(page);
    }
    await page.locator('.list li').nth(1).waitFor();
    await page.fill('#search', '한라산');
    await page.waitForFunction(() => document.querySelectorAll('.list li').length === 1);
    await page.fill('#search', '없는말');
    await page.getByText('찾는 대화가 없습니다.').waitFor();
    await page.fill('#search', '');
    const entry = page.locator('.list li', { hasText: '한라산' });
    await entry.hover();
    await entry.getByRole('button', { name: /이름 바꾸기/ }).click();
    await page.locator('.renaming input').fill('산 이야기');
    await page.locator('.renaming input').press('Enter');
    const renamed = page.locator('.list li', { hasText: '산 이야기' });
    await renamed.locator('a').click();
    await page.getByText('받은 말: 메아리 한라산 등반').waitFor();
    await renamed.hover();
    await renamed.getByRole('button', { name: /삭제/ }).click();
    await button(page, '삭제').click();
    await page.waitForFunction(() => document.querySelectorAll('.list li').length === 1);
    await page.getByText('무엇을 도와드릴까요?').waitFor();
  });
}

on('a temporary chat leaves nothing', {}, async (page, mock) => {
  await button(page, '임시 대화').click();
  await ask(page, '메아리 비밀');
  await answered(page);
  assert.equal(mock.store.size, 0);
  assert.equal(chats(mock)[0].session, undefined);
  await page.reload();
  await page.getByText('아직 나눈 대화가 없습니다.').waitFor();
});

/** What browsers send while Hangul is composed and Enter is pressed, in their different orders. */
const IME = {
  'Chromium: keydown, compositionend, keydown again': ['down229', 'end', 'down13'],
  'Chromium: keydown, compositionend': ['down229', 'end'],
  'Safari: compositionend, then keydown 229': ['end', 'down229'],
  'Firefox: compositionend before keydown': ['end', 'down13'],
};
for (const [name, order] of Object.entries(IME)) {
  on(`Enter while Hangul is composed sends once, whole. ${name}`, { sessions: false }, async (page, mock) => {
    await page.focus('#composer');
    await page.evaluate((steps) => {
      const box = document.querySelector('#composer');
      const composition = (type, data) => box.dispatchEvent(new CompositionEvent(type, { data, bubbles: true }));
      const key = (keyCode, isComposing) => box.dispatchEvent(Object.defineProperty(
        new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', isComposing, bubbles: true, cancelable: true }), 'keyCode', { value: keyCode }));
      const set = (v) => {
        box.value = v;
        box.dispatchEvent(new InputEvent('input', { bubbles: true }));
      };
      set('메아리 안녕하세');
      composition('compositionstart', '');
      set('메아리 안녕하세ㅇ');
      composition('compositionupdate', '요');
      let composing = true;
      for (const step of steps) {
        if (step === 'end') {
          set('메아리 안녕하세요');
          composition('compositionend', '요');
          composing = false;
        } else key(step === 'down229' ? 229 : 13, composing && step === 'down229');
      }
    }, order);
    await answered(page);
    await page.waitForTimeout(80);
    assert.deepEqual(chats(mock).map((c) => c.messages.at(-1).content), ['메아리 안녕하세요']);
    assert.equal(await page.inputValue('#composer'), '');
  });
}

on('a real composition: the browser’s own events', { sessions: false }, async (page, mock) => {
  await page.focus('#composer');
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Input.insertText', { text: '메아리 ' });
  for (const text of ['ㅎ', '하', '한']) await cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', windowsVirtualKeyCode: 229, code: 'Enter', key: 'Process' });
  await cdp.send('Input.insertText', { text: '한' });
  await page.keyboard.press('Enter');
  await answered(page);
  assert.deepEqual(chats(mock).map((c) => c.messages.at(-1).content), ['메아리 한']);
});

on('Shift+Enter makes a line', { sessions: false }, async (page, mock) => {
  await page.focus('#composer');
  await page.keyboard.type('echo a');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('b');
  await page.keyboard.press('Enter');
  await answered(page);
  assert.equal(chats(mock)[0].messages[0].content, 'echo a\nb');
});

on('language: by the browser, switchable, remembered', { context: { locale: 'en-GB' } }, async (page) => {
  await page.getByText('What can I help with?').waitFor();
  await page.locator('.top').getByRole('button', { name: 'Settings' }).click();
  await button(page, '한국어').click();
  await page.getByRole('heading', { name: '설정' }).waitFor();
  assert.equal(await page.getAttribute('html', 'lang'), 'ko');
  await button(page, '어둡게').click();
  await page.keyboard.press('Escape');
  await page.reload();
  await page.getByText('무엇을 도와드릴까요?').waitFor();
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
});

for (const nextWord of [true, false]) {
  on(`next word: ${nextWord ? 'whole words' : 'tokens of the answer'}, and on from an alternative`, { nextWord }, async (page, mock) => {
    await ask(page, '저녁으로 무엇을 만들까?');
    await answered(page);
    await page.locator('.w', { hasText: '햄버거' }).click();
    const rows = page.locator('.wordcard ol li');
    await rows.first().waitFor();
    const texts = await rows.allInnerTexts();
    assert.match(texts[0], nextWord ? /햄버거\s+60%/ : /햄버\s+60%/);
    assert.match(texts[1], /떡볶\S?\s+20%/);
    assert.match(texts.at(-1), /그 밖의 말/);
    await rows.nth(1).getByRole('button').click();
    await page.locator('.branches').getByText('2/2').waitFor();
    await page.getByText('하나면 충분해요').waitFor();
    assert.match(chats(mock).at(-1).messages.at(-1).content, /^오늘 저녁은 떡볶/);
    assert.match(await page.locator('.answer .prose').innerText(), /^오늘 저녁은 떡볶이? 하나면/);
    await button(page, '이전 버전').click();
    await page.getByText('햄버거').waitFor();
  });
}

on('words by keyboard, coloured by surprise', {}, async (page) => {
  await ask(page, '저녁으로 무엇을 만들까?');
  await answered(page);
  await button(page, '단어별로 보기').press('Enter');
  await page.locator('.w:focus').waitFor();
  assert.ok((await page.locator('.prose .w.s1, .prose .w.s2, .prose .w.s3, .prose .w.s4').count()) > 1);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.locator('.w:focus').innerText(), '햄버거');
  await page.keyboard.press('Enter');
  await page.locator('.wordcard ol').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.wordcard').count(), 0);
  assert.equal(await page.locator('.w:focus').innerText(), '햄버거');
});

on('errors say what to do', { sessions: false }, async (page) => {
  for (const [text, says] of [['!503', /5초쯤 뒤/], ['!429', /20초쯤 뒤/], ['!long', /모델의 창보다 길어/], ['!bad', /받아들이지 않았/], ['!500', /서버에 문제/], ['!cut', /연결이 끊겼/]]) {
    await button(page, '새 대화').click();
    await ask(page, text);
    await page.locator('.failure').waitFor();
    assert.match(await page.locator('.failure').innerText(), says);
  }
});

on('a key is asked for, kept and used', { key: 'sk-right' }, async (page, mock) => {
  await page.fill('dialog input', 'sk-wrong');
  await page.press('dialog input', 'Enter');
  await page.getByText('이 키를 받아들이지 않았습니다').waitFor();
  await page.fill('dialog input', 'sk-right');
  await page.press('dialog input', 'Enter');
  await page.locator('.model').getByText('llama').first().waitFor({ state: 'attached' });
  await ask(page, '메아리 열쇠');
  await answered(page);
  await page.reload();
  await page.getByText('받은 말: 메아리 열쇠').waitFor();
  assert.equal(mock.store.size, 1);
});

on('operator: figures, models, plots, keys', { hash: '#/operator' }, async (page) => {
  await page.getByRole('heading', { name: '운영 현황' }).waitFor();
  await page.locator('.tile', { hasText: '답변 중' }).getByText('3').waitFor();
  await page.locator('.rows').getByText('qwen3-0.6b-q8_0').waitFor();
  await page.locator('.u-wrap canvas').nth(3).waitFor();
  await page.getByText('개발팀').waitFor();
});

on('operator: kind words where the server has nothing', { hash: '#/operator', empty: true, sessions: false }, async (page) => {
  await page.getByText('이 서버는 사용량을 기록하지 않습니다.').waitFor();
  await page.getByText('서버가 지표(/metrics)를 내놓지 않습니다.').waitFor();
  await page.getByText('tokapu keys add').waitFor();
});

on('phone: nothing is wider than the screen, the list opens and closes', { context: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } }, async (page) => {
  await ask(page, '자바 코드를 보여 줘');
  await answered(page);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.ok(await page.locator('.top').evaluate((e) => e.scrollWidth <= e.clientWidth));
  await button(page, '대화 목록 열기').tap();
  await page.locator('.list-open .sidebar').waitFor();
  await page.locator('.veil').tap({ position: { x: 340, y: 400 } });
  await page.waitForFunction(() => !document.querySelector('.list-open'));
});

on('keyboard: skip link first, focus visible, names for every control', {}, async (page) => {
  await ask(page, '메아리 하나');
  await answered(page);
  const first = await page.evaluate(() => {
    const el = document.querySelector('a[href], button, input, textarea, [tabindex="0"]');
    el.focus();
    return el.className;
  });
  assert.equal(first, 'skip');
  assert.ok((await page.locator('.skip').boundingBox()).y >= 0, 'seen when it has the focus');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'composer');
  const nameless = await page.evaluate(() => [...document.querySelectorAll('button, a, input, textarea, select')]
    .filter((e) => !(e.getAttribute('aria-label') || e.innerText?.trim() || e.labels?.length)).map((e) => e.outerHTML));
  assert.deepEqual(nameless, []);
  assert.match(await page.locator('#live').innerText(), /받은 말: 메아리 하나|답변이 끝났습니다/);
  await page.keyboard.press('Control+k');
  await page.waitForFunction(() => document.activeElement.id === 'search');
});
