import { test as base, expect, type Locator, type Page } from '@playwright/test';

export { expect };

/** 1 is the real thing (240 s for each test); 0.1 lets every time-out come after 24 s. */
export const timeoutScale = Number(process.env.STORY_CACHE_TIMEOUT_SCALE ?? 1);

/**
 * `journaledPage` is a page with a journal: each thing that the page does is a numbered step, and the steps are attached
 * when the test is over. They are forgotten when the page closes. So a test that closes its own context leaves the journal
 * without the step that it wants to end with.
 */
export const test = base.extend<{ journaledPage: Page }>({
  journaledPage: async ({ page }, use, testInfo) => {
    const steps = new Map<string, string>();
    let count = 0;
    const step = (what: string) => steps.set(`fixture@${++count}`, what);
    page.on('request', (request) => step(`${request.method()} ${request.url()}`));
    page.on('response', (response) => step(`${response.status()} ${response.url()}`));
    page.on('framenavigated', (frame) => step(`at ${frame.url()}`));
    page.on('domcontentloaded', () => step('content loaded'));
    page.on('load', () => step('loaded'));
    page.on('close', () => steps.clear());

    await use(page);

    const last = `fixture@${count}`;
    if (!steps.has(last)) throw new Error(`Internal error: step id not found: ${last}`);
    await testInfo.attach('journal', { body: [...steps.values()].join('\n'), contentType: 'text/plain' });
  },
});

/** Give up, politely and without telling the runner why, if a control is not on the page. */
export async function skipWithout(control: Locator, message: string) {
  if ((await control.count()) > 0 && (await control.first().isEnabled())) return;
  console.log(message);
  test.skip();
}

/** For `page.goto`: wait until the page's network has been quiet for half a second. */
export const idle = { waitUntil: 'networkidle' } as const;

/** How long an action takes, in whole milliseconds. */
export async function measure(action: () => Promise<unknown>) {
  const began = Date.now();
  await action();
  return Date.now() - began;
}

/** The number that the cache's test page shows for one of its measurements, e.g. "cold load: 0.02 ms". */
export async function shownMs(page: Page, name: string) {
  const line = await page.locator('#results li', { hasText: name }).first().innerText();
  return Number.parseFloat(line.split(':')[1]);
}
