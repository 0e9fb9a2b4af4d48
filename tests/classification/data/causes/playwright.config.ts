import { defineConfig } from '@playwright/test';
export default defineConfig({
  testDir: '.', timeout: 7000, workers: 2, fullyParallel: true, retries: 0,
  expect: { timeout: 800 },
  reporter: [['json', { outputFile: 'results.json' }], ['junit', { outputFile: 'results.xml' }], ['line']],
  use: {
    actionTimeout: 0,
    launchOptions: { executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] },
  },
});
