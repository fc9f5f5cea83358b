/**
 * Writes the golden data directory of the format that this release writes. To be run once for each
 * format: what is committed is never made again.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatVersion } from '../packages/engine-log/src/format/store-file.ts';
import { goldenStore } from '../packages/engine-log/test/support/golden-store.ts';

const directory = `packages/engine-log/golden/format-${formatVersion}`;
if (existsSync(directory)) throw new Error(`${directory} is frozen`);
for (const [path, content] of await goldenStore(formatVersion)) {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), content as Buffer);
}
