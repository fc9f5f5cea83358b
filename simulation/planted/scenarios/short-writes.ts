/** A real disk whose writes take only a part of what they are given. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeFileSystem } from '../../../packages/engine-log/src/node-file-system.ts';
import { seededRandom } from '../../seeded-random.ts';
import { hold } from '../../violation.ts';

export async function run(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const directory = fs.mkdtempSync(join(tmpdir(), 'event-store-short-'));
  const whole = fs.writeSync;
  fs.writeSync = ((descriptor: number, bytes: Uint8Array, from: number, length: number, at: number) =>
    whole(descriptor, bytes, from, random.below(length + 1), at)) as typeof whole;
  syncBuiltinESMExports();
  try {
    const content = Buffer.from(Array.from({ length: 1 + random.below(5_000) }, () => random.below(256)));
    const path = join(directory, 'file');
    const file = await nodeFileSystem.open(path, 'create');
    file.write(content, 0);
    await file.sync();
    await file.close();
    const isWhole = fs.readFileSync(path).equals(content);
    hold('P-01', isWhole, () => `${fs.statSync(path).size} of ${content.length} bytes are in the file`);
  } finally {
    fs.writeSync = whole;
    syncBuiltinESMExports();
    fs.rmSync(directory, { recursive: true });
  }
}
