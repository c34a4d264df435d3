import { afterEach, expect } from 'vitest';
import { takeBreaches } from '../support/remote-systems/breaches.ts';

// every test of the tier, also one that expects an error and would take prism's for it
afterEach(() => {
  expect(takeBreaches()).toEqual([]);
});
