/** Tests in files named `*.slow.test.ts`: rare things and long ones, which every change need not wait for. */
export const slowTests = '**/*.slow.test.ts';

export const withSlowTests = process.env['REMEDYCTL_SLOW_TESTS'] === '1';

/** What vitest runs before the tier: says that something is left out, and how it is run. */
export default function tellWhatIsLeftOut(): void {
  if (withSlowTests) return;
  process.stderr.write(`slow tests (${slowTests}) are left out: npm run test:all runs them too\n`);
}
