const tries = {};

describe('cart', () => {
  test('is empty', () => expect([]).toHaveLength(0));
  test('costs something', () => expect({ price: 3 }).toEqual({ price: 4 }));
  test.skip('is printed', () => {});
  test.todo('is sent');
  test.failing('fails as expected', () => expect(1).toBe(2));
  test.failing('passes though expected to fail', () => {});
  test('takes too long', done => { setTimeout(done, 2000).unref(); }, 100);
  test.each([[1, 2, 3], [2, 2, 5]])('%i + %i is %i', (a, b, sum) => expect(a + b).toBe(sum));

  describe('in a locked shop', () => {
    jest.retryTimes(1, { logErrorsBeforeRetry: true });
    test('is flaky', () => {
      tries.flaky = (tries.flaky || 0) + 1;
      expect(tries.flaky).toBe(2);
    });
  });
});

describe('with a broken hook', () => {
  beforeAll(() => { throw new Error('no database'); });
  test('never begins', () => {});
});
