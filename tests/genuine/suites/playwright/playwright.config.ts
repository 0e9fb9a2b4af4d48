import { defineConfig } from '@playwright/test';

// make_runs.py says what to run and where results go.
const out = process.env.OUT!;
const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const viewport = { width: 60, height: 40 };
const reporters: [string, any][] = [
  ['json', { outputFile: `${out}/json/results.json` }],
  ['junit', { outputFile: `${out}/junit/junit.xml` }],
  ['junit', { outputFile: `${out}/junit-retries/junit.xml`, includeRetries: true }],
  ['allure-playwright', { resultsDir: `${out}/allure` }],
  ['playwright-ctrf-json-reporter', { outputDir: `${out}/ctrf`, outputFile: 'ctrf.json' }],
  ['blob', { outputDir: `${out}/blob`, fileName: process.env.BLOB || 'report.zip' }],
];

export default defineConfig({
  testDir: './tests',
  outputDir: `${out}/json/test-results`,
  retries: 1,
  workers: 2,
  timeout: 30_000,
  expect: { timeout: 1000 },
  reporter: reporters,
  tag: process.env.ENVIRONMENT ? `@${process.env.ENVIRONMENT}` : undefined,
  metadata: { shop: 'test' },
  use: {
    viewport,
    screenshot: 'only-on-failure',
    trace: { mode: 'on-first-retry', screenshots: false, snapshots: false, sources: false },
    launchOptions: { executablePath: '/usr/bin/chromium', args: flags },
  },
  projects: [
    { name: 'desktop' },
    { name: 'mobile', testIgnore: /states/, use: { isMobile: true, hasTouch: true } },
  ],
  webServer: process.env.BROKEN_SERVER
    ? { command: 'node -e "console.error(\'no database\'); process.exit(3)"', port: 4199 }
    : undefined,
  globalTeardown: process.env.BROKEN_TEARDOWN ? './teardown.ts' : undefined,
});
