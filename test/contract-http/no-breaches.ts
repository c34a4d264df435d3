import { afterEach, beforeAll, expect, inject } from 'vitest';
import { takeBreaches } from '../support/remote-systems/breaches.ts';
import { hasPrism } from '../support/remote-systems/prism.ts';
import { hasShared } from '../support/shared.ts';

// a test that goes past prism proves nothing here
beforeAll(() => {
  if (hasShared && hasPrism) expect(inject('prismLines')).toBeDefined();
});

// every test of the tier, also one that expects an error and would take prism's for it
afterEach(() => {
  expect(takeBreaches()).toEqual([]);
});
