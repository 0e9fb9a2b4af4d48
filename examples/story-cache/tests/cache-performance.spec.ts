import { expect, idle, shownMs, test } from './helpers';

test.describe('Cache test page', () => {
  test('should load test page and display test stories', async ({ page }) => {
    await page.goto('/test/cache');
    await page.getByTestId('story-card').first().waitFor();
    await expect(page.getByTestId('story-card')).toHaveCount(3);
  });

  test('should measure cold cache load time', async ({ page }) => {
    await page.goto('/test/cache', idle);
    await page.getByRole('button', { name: 'Cold load' }).click();
    const ms = await shownMs(page, 'cold load');
    expect(ms, 'a cold load reads the database').toBeGreaterThan(100);
  });

  test('should measure warm cache load time', async ({ page }) => {
    await page.goto('/test/cache', idle);
    await page.getByRole('button', { name: 'Warm load' }).click();
    expect(await shownMs(page, 'warm load')).toBeLessThan(500);
  });

  test('should run full cache test and display results', async ({ page }) => {
    await page.goto('/test/cache');
    await page.getByRole('button', { name: 'Run full cache test' }).click();
    await expect(page.locator('#results')).toContainText('full test: done', { timeout: 10_000 });
  });

  test('should test cache invalidation on data update', async ({ page }) => {
    await page.goto('/test/cache');
    await page.getByRole('button', { name: 'Update data' }).click();
    await expect(page.locator('#results')).toContainText('stories:story-1, browse', { timeout: 10_000 });
  });

  test('should verify cache configuration display', async ({ page }) => {
    await page.goto('/test/cache');
    await expect(page.getByTestId('cache-config')).toContainText('30 minutes');
  });

  test('should measure localStorage cache performance', async ({ page }) => {
    await page.goto('/test/cache');
    await page.getByRole('button', { name: 'Test localStorage' }).click();
    expect(await shownMs(page, 'localStorage')).toBeLessThan(50);
  });
});
