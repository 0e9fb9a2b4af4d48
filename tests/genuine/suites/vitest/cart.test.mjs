import { beforeAll, describe, expect, test } from 'vitest';

let tries = 0;

describe('cart', () => {
  test('is empty', () => expect([]).toHaveLength(0));
  test('costs something', () => expect({ price: 3 }).toEqual({ price: 4 }));
  test.skip('is printed', () => {});
  test.todo('is sent');
  test('skips itself', ({ skip }) => skip('no printer'));
  test.fails('fails as expected', () => expect(1).toBe(2));
  test.fails('passes though expected to fail', () => {});
  test('takes too long', () => new Promise(() => {}), 100);
  test('is flaky', { retry: 1 }, () => {
    tries += 1;
    expect(tries).toBe(2);
  });
  test('two soft assertions fail', () => {
    expect.soft(1).toBe(2);
    expect.soft('a').toBe('b');
  });
  test.each([[1, 2, 3], [2, 2, 5]])('%i + %i is %i', (a, b, sum) => expect(a + b).toBe(sum));
});

describe('with a broken hook', () => {
  beforeAll(() => { throw new Error('no database'); });
  test('never begins', () => {});
});
