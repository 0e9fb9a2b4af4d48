// Each title begins with the category that its failure must get.
import { test as base, expect } from '@playwright/test';
import http from 'http';
import assert from 'assert';
import fs from 'fs';

let origin = '';
let server: http.Server;
const test = base.extend<{ story: string; slowStory: string; brokenEnd: string }>({
  story: async ({}, use) => { throw new Error('the story could not be made'); await use(''); },
  slowStory: [async ({}, use) => { await new Promise(r => setTimeout(r, 1500)); await use(''); }, { timeout: 400 }],
  brokenEnd: async ({}, use) => { await use('fine'); await new Promise(() => {}); },
});

test.beforeAll(async () => {
  server = http.createServer((q, r) => {
    if (q.url === '/refused') { r.writeHead(401); return r.end('log in'); }
    if (q.url === '/forbidden') { r.writeHead(403); return r.end('no'); }
    if (q.url === '/broken') { r.writeHead(500); return r.end('oops'); }
    if (q.url === '/slow') { setTimeout(() => r.end('late'), 9000); return; }
    if (q.url === '/reset') { q.socket.destroy(); return; }
    if (q.url === '/studio') { r.writeHead(302, { location: '/login?next=/studio' }); return r.end(); }
    r.setHeader('content-type', 'text/html');
    r.end('<title>Stories</title><h1>Stories</h1><button disabled id=save>Save</button><p hidden id=secret>x</p><ul></ul>' +
      '<a href=#>One</a><a href=#>One</a><div style="position:relative"><button id=low>Low</button><div id=veil style="position:absolute;inset:0;background:red"></div></div><input id=name><span class=spinner>…</span>');
  });
  await new Promise<void>(ok => server.listen(0, '127.0.0.1', ok));
  origin = `http://127.0.0.1:${(server.address() as any).port}`;
});
test.afterAll(() => { server.closeAllConnections(); server.close(); });

test('timeout: click on a disabled button until the test is over', async ({ page }) => {
  await page.goto(origin); await page.locator('#save').click();
});
test('timeout: click with its own budget on a missing button', async ({ page }) => {
  await page.goto(origin); await page.getByRole('button', { name: 'Like' }).click({ timeout: 300 });
});
test('timeout: click on a covered button', async ({ page }) => {
  await page.goto(origin); await page.locator('#low').click({ timeout: 600 });
});
test('timeout: fill a missing field', async ({ page }) => {
  await page.goto(origin); await page.fill('#absent', 'x', { timeout: 300 });
});
test('timeout: goto a slow page', async ({ page }) => { await page.goto(origin + '/slow', { timeout: 500 }); });
test('timeout: goto a slow page until the test is over', async ({ page }) => { await page.goto(origin + '/slow'); });
test('timeout: waitForSelector', async ({ page }) => { await page.goto(origin); await page.waitForSelector('.story', { timeout: 300 }); });
test('timeout: locator.waitFor', async ({ page }) => { await page.goto(origin); await page.locator('#secret').waitFor({ timeout: 300 }); });
test('timeout: waitForURL', async ({ page }) => { await page.goto(origin); await page.waitForURL('**/done', { timeout: 300 }); });
test('timeout: waitForEvent', async ({ page }) => { await page.goto(origin); await page.waitForEvent('popup', { timeout: 300 }); });
test('timeout: waitForResponse', async ({ page }) => { await page.goto(origin); await page.waitForResponse('**/x', { timeout: 300 }); });
test('timeout: waitForFunction', async ({ page }) => { await page.goto(origin); await page.waitForFunction(() => false, null, { timeout: 300 }); });
test('timeout: request to a slow service', async ({ request }) => { await request.get(origin + '/slow', { timeout: 300 }); });
test('timeout: expect.poll', async () => { await expect.poll(() => 2, { timeout: 300 }).toBe(3); });
test('timeout: toPass', async () => { await expect(() => { expect(2).toBe(3); }).toPass({ timeout: 300 }); });
test('timeout: a promise that is never settled', async () => { await new Promise(() => {}); });
test('timeout: a slow fixture with its own budget', async ({ slowStory }) => { expect(slowStory).toBe(''); });
test('timeout: a fixture that does not come to its end', async ({ brokenEnd }) => { expect(brokenEnd).toBe('fine'); });
test.describe('slow hook', () => {
  test.beforeEach(async () => { await new Promise(() => {}); });
  test('timeout: beforeEach waits for ever', async () => {});
});
test.describe('hook raises', () => {
  test.beforeAll(async () => { await new Promise(r => setTimeout(r, 9000)); });
  test('timeout: beforeAll takes too long', async () => {});
});
test('element: toBeVisible on a missing element', async ({ page }) => { await page.goto(origin); await expect(page.getByTestId('story')).toBeVisible(); });
test('element: toBeVisible on a hidden element', async ({ page }) => { await page.goto(origin); await expect(page.locator('#secret')).toBeVisible(); });
test('element: toHaveText on a missing element', async ({ page }) => { await page.goto(origin); await expect(page.locator('.story')).toHaveText('x'); });
test('element: toBeAttached', async ({ page }) => { await page.goto(origin); await expect(page.locator('.story')).toBeAttached(); });
test('element: toHaveCount finds none', async ({ page }) => { await page.goto(origin); await expect(page.locator('li')).toHaveCount(3); });
test('element: strict mode on click', async ({ page }) => { await page.goto(origin); await page.getByText('One').click(); });
test('element: strict mode in an assertion', async ({ page }) => { await page.goto(origin); await expect(page.getByText('One')).toBeVisible(); });
test('element: custom message', async ({ page }) => { await page.goto(origin); await expect(page.locator('.story'), 'the story is shown').toBeVisible(); });
test('assertion: toHaveText', async ({ page }) => { await page.goto(origin); await expect(page.locator('h1')).toHaveText('Chapters'); });
test('assertion: toHaveTitle', async ({ page }) => { await page.goto(origin); await expect(page).toHaveTitle('Chapters'); });
test('assertion: toHaveURL', async ({ page }) => { await page.goto(origin); await expect(page).toHaveURL(/chapters/); });
test('assertion: not.toBeVisible', async ({ page }) => { await page.goto(origin); await expect(page.locator('.spinner')).not.toBeVisible(); });
test('assertion: toBeHidden', async ({ page }) => { await page.goto(origin); await expect(page.locator('.spinner')).toBeHidden(); });
test('assertion: toBeEnabled', async ({ page }) => { await page.goto(origin); await expect(page.locator('#save')).toBeEnabled(); });
test('assertion: toHaveCount finds others', async ({ page }) => { await page.goto(origin); await expect(page.locator('a')).toHaveCount(3); });
test('assertion: toBe', async () => { expect('a').toBe('b'); });
test('assertion: toEqual with words that mislead', async () => {
  expect({ status: 401, text: 'Timeout 5000ms exceeded. net::ERR_FAILED' }).toEqual({ status: 200, text: 'SecurityError' });
});
test('assertion: toBeTruthy', async () => { expect(null).toBeTruthy(); });
test('assertion: toContain', async () => { expect([1, 2]).toContain(3); });
test('assertion: toThrow', async () => { expect(() => {}).toThrow('boom'); });
test('assertion: NaN against a limit', async () => { expect(NaN).toBeLessThan(100); });
test('assertion: true or false hides the numbers', async () => { const n = 150; expect(n <= 100).toBe(true); });
test('assertion: nothing found', async () => { expect([].length).toBeGreaterThan(0); });
test('assertion: wrong status', async ({ request }) => { const r = await request.get(origin + '/broken'); expect(r.status()).toBe(200); });
test('assertion: status as a limit', async ({ request }) => { const r = await request.get(origin + '/broken'); expect(r.status()).toBeLessThan(500); });
test('assertion: toBeOK', async ({ request }) => { await expect(await request.get(origin + '/broken')).toBeOK(); });
test('assertion: node assert', async () => { assert.strictEqual(1, 2); });
test('assertion: soft twice', async () => { expect.soft('a').toBe('b'); expect.soft(1).toBe(2); });
test('assertion: expected to fail but passed', async () => { test.fail(); });
test('threshold_miss: latency in ms 1047 < 100', async () => { const elapsedMs = 1047; expect(elapsedMs).toBeLessThan(100); });
test('threshold_miss: Page load < 2s', async () => { expect(15400).toBeLessThan(2000); });
test('threshold_miss: lower bound', async () => { expect(62.5).toBeGreaterThanOrEqual(100); });
test('threshold_miss: custom message', async () => { expect(420, 'P95 in ms').toBeLessThanOrEqual(300); });
test('threshold_miss: close to', async () => { expect(5.6).toBeCloseTo(5.1); });
test('threshold_miss: soft, two numbers', async () => { expect.soft(120).toBeLessThan(100); expect.soft(7).toBeGreaterThan(9); });
test('threshold_miss: budget in words', async () => { throw new Error('Saving took 15.4s, expected < 2s'); });
test('snapshot: text differs', async () => { expect('new').toMatchSnapshot('old.txt'); });
test('snapshot: screenshot is missing', async ({ page }) => { await page.goto(origin); await expect(page).toHaveScreenshot('never-made.png', { timeout: 5000 }); });
test('network: connection refused', async ({ page }) => { await page.goto('http://127.0.0.1:59999/'); });
test('network: unknown host', async ({ page }) => { await page.goto('http://no-such-host.invalid/'); });
test('network: request refused', async ({ request }) => { await request.get('http://127.0.0.1:59999/'); });
test('network: reset', async ({ request }) => { await request.get(origin + '/reset'); });
test('network: fetch fails', async () => { await fetch('http://127.0.0.1:59999/'); });
test('auth: sent to log in', async ({ page }) => { await page.goto(origin + '/studio'); await expect(page).toHaveURL(origin + '/studio'); });
test('auth: 401', async ({ request }) => { expect((await request.get(origin + '/refused')).status()).toBe(200); });
test('auth: 403', async ({ request }) => { expect((await request.get(origin + '/forbidden')).status()).toBe(200); });
test('crash: page closed', async ({ page }) => { await page.goto(origin); await page.close(); await page.click('#save'); });
test('crash: context closed while it waits', async ({ page, context }) => { await page.goto(origin); setTimeout(() => context.close(), 200); await page.click('#save'); });
test('crash: the page crashes', async ({ page }) => { await page.goto('chrome://crash').catch(() => {}); await page.click('#save'); });
test('crash: the worker exits', async () => { process.exit(7); });
test('code_error: TypeError', async () => { (undefined as any).title; });
test('code_error: ReferenceError', async () => { eval('stories.length'); });
test('code_error: in the page', async ({ page }) => { await page.evaluate(() => (window as any).stories.map()); });
test('code_error: storage of a blank page', async ({ page }) => { await page.evaluate(() => localStorage.getItem('x')); });
test('code_error: JSON', async () => { JSON.parse('<!DOCTYPE html>'); });
test('code_error: invalid url', async ({ page }) => { await page.goto('/studio'); });
test('code_error: bad selector', async ({ page }) => { await page.goto(origin); await page.click('xpath=//['); });
test('code_error: fill a heading', async ({ page }) => { await page.goto(origin); await page.fill('h1', 'x'); });
test('code_error: tap without touch', async ({ page }) => { await page.goto(origin); await page.locator('h1').tap(); });
test('code_error: a thrown error', async () => { throw new Error('the story was not saved'); });
test('environment: missing file', async () => { fs.readFileSync('/srv/causes/no-such-file.json'); });
test('environment: missing variable', async () => { throw new Error('Missing required environment variables: STORY_URL'); });
test('environment: browser missing', async ({ playwright }) => { await playwright.chromium.launch({ executablePath: '/srv/causes/no-browser' }); });
test('code_error: raised in a fixture, which JSON and JUnit do not tell', async ({ story }) => { expect(story).toBe(''); });
test('skipped_ui: said in the output', async ({ page }) => { await page.goto(origin); console.log('Like button not found, skipping test'); await page.waitForTimeout(700); test.skip(); });
test('skipped_environment: variable', async () => { test.skip(true, 'STORY_API_KEY not set'); });
test('skipped_condition: browser', async () => { test.skip(true, 'Firefox-specific test'); });
test('skipped_data: no stories', async () => { test.skip(true, 'No stories found to edit'); });
test.fixme('skipped_declared: fixme', async () => {});
test.skip('skipped_declared: plain', async () => {});
test('expected_failure: as declared', async () => { test.fail(); expect(1).toBe(2); });
