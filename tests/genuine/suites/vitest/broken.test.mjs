import missing from './no-such-module.mjs';
import { expect, test } from 'vitest';

test('never loaded', () => expect(missing).toBeDefined());
