import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((p) => p && existsSync(p));

export const browser = () => chromium.launch({ executablePath, args: ['--no-sandbox'] });

/** A page in a context of its own; `problems` collects what the browser complains about. */
export async function openPage(b, url, options = {}) {
  const context = await b.newContext({ locale: 'ko-KR', viewport: { width: 1280, height: 820 }, ...options });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin }).catch(() => {});
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const problems = [];
  page.on('pageerror', (e) => problems.push(String(e.stack ?? e)));
  page.on('console', (m) => {
    if (m.type() === 'error' && !/Failed to load resource/.test(m.text())) problems.push(m.text());
  });
  page.on('request', (r) => {
    if (!r.url().startsWith(new URL(url).origin) && !/^(data|blob):/.test(r.url())) problems.push(`leaves the machine: ${r.url()}`);
  });
  await page.goto(url);
  await page.locator('#composer, .operator').first().waitFor();
  return { page, problems };
}

export const ask = async (page, text) => {
  await page.fill('#composer', text);
  await page.press('#composer', 'Enter');
};

export const answered = (page) => page.locator('.answer:last-of-type .figures').waitFor();
