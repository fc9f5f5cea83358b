/** What starts a command so that permissions bind it. */
import { spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';

/** Permissions do not bind root; where the tests run as root, the store gives that power up first. */
export function withoutPower(context: TestContext): readonly string[] | undefined {
  if (process.getuid?.() !== 0) return [];
  const launcher = ['setpriv', '--bounding-set', '-dac_override,-dac_read_search', '--'];
  if (spawnSync('setpriv', [...launcher.slice(1), 'true']).status === 0) return launcher;
  context.skip('SKIPPED (runs as root, and setpriv cannot take its power away)');
  return undefined;
}
