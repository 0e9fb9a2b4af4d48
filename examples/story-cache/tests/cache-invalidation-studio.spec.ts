import { expect, idle, test } from './helpers';

test.describe('Studio cache invalidation', () => {
  test('Scene PATCH invalidates writing cache', async ({ page, request }) => {
    await page.goto('/studio', idle);
    await request.patch('/api/scenes/story-1-chapter-1-scene-1', { data: { text: 'A new beginning.' } });
    await expect(page.getByText('A new beginning.')).toBeVisible();
  });

  test('Scene DELETE invalidates writing cache', async ({ page, request }) => {
    await page.goto('/studio', idle);
    await request.delete('/api/scenes/story-3-chapter-5-scene-3');
    await expect(page.getByTestId('story-tree')).not.toContainText('Scene 3 of chapter 5');
  });

  test('Chapter PATCH invalidates writing cache', async ({ page, request }) => {
    await page.goto('/studio');
    await page.waitForLoadState('networkidle');
    await request.patch('/api/chapters/story-1-chapter-1', { data: { title: 'Prologue' } });
    await expect(page.getByText('Prologue')).toBeVisible();
  });

  test('Story PATCH invalidates writing and browse caches', async ({ journaledPage, request }) => {
    await journaledPage.goto('/studio');
    await expect(journaledPage.getByTestId('story-tree')).toBeVisible();
    await request.patch('/api/stories/story-2', { data: { status: 'published' } });
    await journaledPage.goto('/stories');
    await expect(journaledPage.getByRole('heading', { name: 'Stories' })).toBeVisible();
    await journaledPage.context().close();
  });

  test('Cache invalidation prevents data loss on page refresh', async ({ page }) => {
    await page.goto('/studio');
    await page.getByTestId('scene-editor').fill('Unsaved words');
    await page.reload();
    await expect(page.getByTestId('scene-editor')).toHaveValue('Unsaved words');
  });

  test('Cache Debug Panel shows invalidation events', async ({ page }) => {
    await page.goto('/studio');
    await page.getByRole('button', { name: 'Cache debug' }).click();
    await expect(page.getByTestId('cache-events')).toContainText('invalidated');
  });
});
