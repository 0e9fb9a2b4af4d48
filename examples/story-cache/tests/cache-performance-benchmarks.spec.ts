import { expect, idle, measure, skipWithout, test } from './helpers';

const TTL_MINUTES = 30;

test.describe('Cache performance benchmarks', () => {
  test('Cache hit latency < 100ms', async ({ page }) => {
    await page.goto('/');
    const ms = await page.evaluate(async () => {
      const began = performance.now();
      await fetch('/api/cache/stories');
      return Math.round(performance.now() - began);
    });
    console.log(`Cache hit latency: ${ms}ms`);
    expect(ms).toBeLessThan(100);
  });

  test('Cache miss vs hit comparison', async ({ page }) => {
    await page.evaluate(() => localStorage.clear()); // begin without a cache – but also without a page
    const missMs = await measure(() => page.goto('/stories'));
    const hitMs = await measure(() => page.reload());
    expect(hitMs).toBeLessThan(missMs);
  });

  test('30-minute cache retention validation', async ({ page }) => {
    await page.goto('/test/cache');
    const saved = await page.evaluate(() => {
      localStorage.setItem('stories-saved', String(Date.now()));
      return Number(localStorage.getItem('stories-saved'));
    });
    const expires = saved + TTL_MINUTES * 60_000;
    console.log(`Cache timestamp: ${saved}`);
    console.log(`Retention: ${((expires - saved) / 60_000).toFixed(1)} minutes`);
    expect(expires).toBeGreaterThan(Date.now());
  });

  test('Optimistic update speed < 50ms', async ({ page }) => {
    await page.goto('/community', idle);
    const like = page.getByRole('button', { name: 'Like' });
    await skipWithout(like, 'Like button not found, skipping optimistic update benchmark');
    const ms = await measure(() => like.first().click());
    expect(ms).toBeLessThan(50);
  });

  test('Prefetch hover effectiveness', async ({ page }) => {
    await page.goto('/stories');
    const story = page.locator('a[href^="/stories/"]');
    await skipWithout(story, 'Story link not found, skipping prefetch benchmark');
    await story.first().hover();
    expect(await measure(() => story.first().click())).toBeLessThan(500);
  });

  test('Page load with cache < 2s', async ({ page }) => {
    test.setTimeout(240_000); // never scaled: this test is about a slow page, not about a time-out
    const ms = await measure(() => page.goto('/library'));
    console.log(`Page load with cache: ${(ms / 1000).toFixed(1)}s`);
    expect(ms).toBeLessThan(2000);
  });

  test('Page load without cache < 5s', async ({ page, request }) => {
    await request.get('/api/test-data/ready', { timeout: 0 });
    await page.evaluate(() => localStorage.clear()); // the same blank page as above
    const ms = await measure(() => page.goto('/stories'));
    expect(ms).toBeLessThan(5000);
  });

  test('Cache metrics tracking overhead < 10ms', async ({ page }) => {
    await page.goto('/test/cache');
    const ms = await page.evaluate(() => {
      const thousands = 20;
      const events: number[] = [];
      const time = (track: () => void) => {
        const began = performance.now();
        for (let i = 0; i < thousands * 1000; i++, track()) localStorage.getItem('stories');
        return performance.now() - began;
      };
      const best = (track: () => void) => Math.min(...[1, 2, 3, 4, 5].map(() => time(track)));
      return Math.max(0, best(() => events.push(performance.now())) - best(() => {})) / thousands;
    });
    console.log(`Tracking overhead: ${ms.toFixed(2)}ms per 1000 reads`);
    expect(ms).toBeLessThan(10);
  });

  test('Cache invalidation performance', async ({ page }) => {
    await page.goto('/stories');
    const story = page.locator('a[href^="/stories/"]');
    await skipWithout(story, 'Story link not found, skipping invalidation benchmark');
    await story.first().click();
    expect(await measure(() => page.reload())).toBeLessThan(1000);
  });
});
