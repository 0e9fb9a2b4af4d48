import { defineConfig } from '@playwright/test';
import { existsSync } from 'node:fs';
import { timeoutScale } from './tests/helpers';

const phase = process.env.STORY_CACHE_PHASE ?? 'phase2-initial';
const dataset = process.env.STORY_CACHE_DATASET ?? (phase === 'phase2-rerun' ? 'seeded' : 'empty');
const out = process.env.STORY_CACHE_RESULTS ?? 'results';
const port = Number(process.env.STORY_CACHE_PORT ?? 4173);
const baseURL = `http://127.0.0.1:${port}`;

// A system's own Chromium if there is one, else the browser that `npx playwright install chromium` brings.
const chromium = process.env.STORY_CACHE_CHROMIUM ?? '/usr/bin/chromium';

export default defineConfig({
  testDir: 'tests',
  outputDir: `${out}/test-results`,
  timeout: 240_000 * timeoutScale,
  workers: 5,
  retries: 0,
  fullyParallel: true,
  metadata: { phase, dataset, baseURL, timeoutScale },
  reporter: [
    ['line'],
    ['json', { outputFile: `${out}/results.json` }],
    ['junit', { outputFile: `${out}/results.xml` }],
    ['blob', { outputFile: `${out}/report.zip` }],
  ],
  use: {
    baseURL,
    viewport: { width: 480, height: 300 },
    screenshot: 'only-on-failure',
    trace: 'off',
    video: 'off',
    launchOptions: {
      executablePath: existsSync(chromium) ? chromium : undefined,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    },
  },
  projects: [{ name: 'chromium', use: { browserName: 'chromium' } }],
  webServer: {
    command: `python3 app/server.py --port ${port} --dataset ${dataset}`,
    url: `${baseURL}/api/health`,
  },
});
