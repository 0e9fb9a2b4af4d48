const missing = require('./no-such-module');

test('never loaded', () => expect(missing).toBeDefined());
