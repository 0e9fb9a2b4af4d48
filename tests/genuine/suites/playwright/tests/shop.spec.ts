import { expect, test } from '@playwright/test';

const page_ = '<title>Shop</title><h1>Shop</h1><button disabled>Buy</button>';

test.describe('shop', () => {
  test.beforeEach(async ({ page }) => page.setContent(page_));

  test('has a heading', async ({ page }) => {
    console.log('opened the shop');
    await expect(page.getByRole('heading')).toHaveText('Shop');
  });

  test('has another heading', async ({ page }) => {
    await expect(page.getByRole('heading')).toHaveText('Store');
  });

  test('is flaky', { tag: '@slow' }, async ({ page }, info) => {
    await expect(page.getByRole('heading')).toHaveText(info.retry ? 'Shop' : 'Store');
  });

  test('two soft assertions fail', async ({ page }) => {
    await expect.soft(page.getByRole('heading')).toHaveText('Store');
    await expect.soft(page.getByRole('button')).toBeEnabled();
  });

  test('a soft assertion fails, then a hard one', async ({ page }) => {
    expect.soft(1 + 1).toBe(3);
    await test.step('buy', async () => page.getByRole('button').click({ timeout: 200 }));
  });

  test('fails on mobile only', async ({ page }, info) => {
    expect(info.project.name).not.toBe('mobile');
  });
});
