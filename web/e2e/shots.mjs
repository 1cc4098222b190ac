// Screenshots of the page against the mock server: node e2e/shots.mjs FOLDER
import { mkdirSync } from 'node:fs';
import { startMock } from '../dev/mock.mjs';
import { answered, ask, browser, openPage } from './browser.js';

const out = process.argv[2] ?? 'shots';
mkdirSync(out, { recursive: true });
const mock = await startMock({ pause: 0, speed: 0 });
const b = await browser();
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const quiet = { reducedMotion: 'reduce' };
async function shot(name, options, act) {
  const { page, problems } = await openPage(b, mock.url + (options.hash ?? ''), { ...quiet, ...options });
  await act?.(page);
  await page.waitForTimeout(450);
  await page.screenshot({ path: `${out}/${name}.png` });
  for (const p of problems) console.log(name, p);
  await page.context().close();
}
const en = { locale: 'en-US' };
const dark = { colorScheme: 'dark' };
const chat = (text) => async (page) => {
  await ask(page, text);
  await answered(page);
};
for (const title of ['제주도 3박 4일 여행 계획', '이력서 자기소개 다듬기', '스프링 배치가 멈추는 까닭']) {
  const s = await (await fetch(`${mock.url}v1/sessions`, { method: 'POST', body: JSON.stringify({ title }) })).json();
  mock.store.get(s.id).updated_at -= title.length * 9000;
}
await shot('ko-light-welcome', {});
await shot('ko-light-chat', {}, chat('양자 얽힘을 쉽게 설명해 줘.'));
await shot('ko-dark-code', dark, chat('가장 긴 공통 부분 수열을 구하는 자바 코드를 보여 줘.'));
await shot('ko-light-code', {}, chat('가장 긴 공통 부분 수열을 구하는 자바 코드를 보여 줘.'));
await shot('en-dark-chat', { ...en, ...dark }, chat('Explain quantum entanglement simply.'));
await shot('en-light-welcome', en);
await shot('ko-light-nextword', {}, async (page) => {
  await chat('냉장고에 두부와 김치가 있어. 저녁으로 무엇을 만들까?')(page);
  await page.getByRole('button', { name: '단어별로 보기' }).click();
  await page.locator('.w', { hasText: '햄버거' }).click();
  await page.locator('.wordcard ol').waitFor();
});
await shot('en-dark-nextword', { ...en, ...dark }, async (page) => {
  await chat('Explain quantum entanglement simply.')(page);
  await page.getByRole('button', { name: 'Word by word' }).click();
  await page.locator('.w', { hasText: 'entanglement' }).first().click();
  await page.locator('.wordcard ol').waitFor();
});
await shot('ko-light-settings', {}, async (page) => {
  await page.locator('.top').getByRole('button', { name: '설정' }).click();
});
await shot('ko-light-error', {}, async (page) => {
  await ask(page, '!503 지금 바빠?');
  await page.locator('.failure').waitFor();
});
await shot('ko-light-operator', { hash: '#/operator' }, (page) => page.waitForTimeout(11000));
await shot('en-dark-operator', { ...en, ...dark, hash: '#/operator' }, (page) => page.waitForTimeout(11000));
await shot('ko-phone-welcome', phone);
await shot('ko-phone-dark-chat', { ...phone, ...dark }, chat('양자 얽힘을 쉽게 설명해 줘.'));
await shot('ko-phone-list', phone, async (page) => {
  await page.getByRole('button', { name: '대화 목록 열기' }).click();
});
await shot('en-phone-code', { ...phone, ...en }, chat('Show Java code for the longest common subsequence.'));
await shot('en-phone-operator', { ...phone, ...en, hash: '#/operator' });
await shot('en-wide-branches', { ...en, viewport: { width: 1920, height: 1080 } }, async (page) => {
  await chat('Explain quantum entanglement simply.')(page);
  await page.getByRole('button', { name: 'Answer again' }).click();
  await page.getByText('2/2').waitFor();
  await answered(page);
});
await b.close();
await mock.close();
