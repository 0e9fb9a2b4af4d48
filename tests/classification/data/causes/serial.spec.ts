import { test, expect } from '@playwright/test';
test.describe.configure({ mode: 'serial' });
test('assertion: first of a series', async () => { expect('a').toBe('b'); });
test('not_run: second of a series', async () => {});
