import { expect, test } from '@playwright/test';

test.skip('is skipped', () => {});
test.fixme('is to be mended', () => {});
test('skips itself', () => test.skip(true, 'only with a printer'));
test('fails as expected', () => {
  test.fail(true, 'bug 12');
  expect(1).toBe(2);
});
test('passes though expected to fail', () => {
  test.fail(true, 'bug 13');
});
test('takes too long', async () => {
  test.setTimeout(300);
  await new Promise(resolve => setTimeout(resolve, 60_000));
});
test('fails in the first go only', () => expect(process.env.GO).not.toBe('1'));
test('fails on linux only', () => expect(process.env.ENVIRONMENT).not.toBe('linux'));

test.describe('after each', () => {
  test.afterEach(() => { throw new Error('could not clean up'); });
  test('passes, then cleaning up fails', () => {});
});

test.describe.serial('one after the other', () => {
  test('first', () => {});
  test('second', () => { throw new TypeError('cannot read price'); });
  test('third', () => {});
});

for (const date of ['2026-01-31', '2026-02-28'])
  test(`orders of ${date}`, () => expect(date).toContain('-02-'));
