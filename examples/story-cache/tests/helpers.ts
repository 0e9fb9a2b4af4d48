import { test as base, expect, type Locator, type Page } from '@playwright/test';

export { expect };

/** 1 is the real thing (240 s for each test); 0.0625 lets every time-out come after 15 s. */
export const timeoutScale = Number(process.env.STORY_CACHE_TIMEOUT_SCALE ?? 1);

/**
 * `journaledPage` is a page with a journal: a step that counts what the page did, and writes it down when the test is over.
 * A step is forgotten when its page closes. So a test that closes its own context leaves the journal without its step.
 */
export const test = base.extend<{ journaledPage: Page }>({
  journaledPage: async ({ page }, use, testInfo) => {
    const openSteps = new Map<string, Page>();
    let events = 0;
    for (const event of ['request', 'response', 'framenavigated', 'domcontentloaded', 'load'] as const)
      page.on(event as 'request', () => events++);
    let step = `fixture@${events}`;
    openSteps.set(step, page);
    page.on('close', () => {
      openSteps.delete(step);
      step = `fixture@${events}`;
    });

    await use(page);

    const journaled = openSteps.get(step);
    if (!journaled) throw new Error(`Internal error: step id not found: ${step}`);
    await testInfo.attach('journal', { body: `${journaled.url()}: ${events} events`, contentType: 'text/plain' });
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
