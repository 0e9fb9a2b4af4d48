import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['*.test.mjs'],
    reporters: [
      ['json', { outputFile: 'out/json/results.json' }],
      ['junit', { outputFile: 'out/junit/junit.xml' }],
    ],
  },
});
