/** T12: the disk is full under load, and is still full at the next start; then there is room again. Shows P-08. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SeededRandom, seededRandom } from '../seeded-random.ts';
import { CheckedStore, temporaryDirectory } from './checked-store.ts';
import type { Part } from './part.ts';

const fillsPerTrial = 3;

export const fullDisk: Part = {
  id: 'T12',
  name: 'full-disk',
  title: 'a disk that is full under 8 clients, restarts while it is full, room again',
  unit: 'full disks',
  counts: { short: 3, full: 200, goal: 2_000 },
  needs: ['root'],
  async run(trial) {
    const random = seededRandom(trial.seed);
    const directory = join(temporaryDirectory(trial), 'disk');
    mkdirSync(directory);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'none', directory]);
    trial.defer(() => void execFileSync('umount', ['--lazy', directory]));
    const store = new CheckedStore({ trial, clients: 8, subscribers: 4, directory });
    let restarts = 0;
    for (let fill = 1; fill <= fillsPerTrial; fill++) {
      if (await fillUp(store, directory, random)) restarts++;
      trial.say(`full disk ${fill} of ${fillsPerTrial}, seed ${trial.seed}`);
    }
    const { figures = {} } = await store.finish();
    const faults = { planned: fillsPerTrial, hit: fillsPerTrial };
    return { done: fillsPerTrial, faults, figures: { ...figures, 'restarts while full': restarts } };
  },
};

/** Until the disk is full, and until appends are stored again; whether there was a restart between. */
async function fillUp(store: CheckedStore, directory: string, random: SeededRandom): Promise<boolean> {
  const ballast = join(directory, 'ballast');
  await store.start();
  await store.operate(random.below(50));
  leaveRoom(directory, { ballast, bytes: random.below(200_000) });
  const fullMs = store.workload.recorder.nowMs();
  await store.until(() => store.hasAnswered('rejected', { code: 'disk-full', sinceMs: fullMs }));
  await store.operate(random.below(200));
  const restarts = random.isTrue(0.6);
  if (restarts) {
    await store.end(random.isTrue(0.5) ? 'SIGKILL' : 'SIGTERM');
    await store.start();
    await store.operate(random.below(200));
  }
  const roomMs = store.workload.recorder.nowMs();
  rmSync(ballast);
  await store.until(() => store.hasAnswered('ok', { sinceMs: roomMs }));
  await store.operate(random.below(100));
  await store.end(random.isTrue(0.5) ? 'SIGKILL' : 'SIGTERM');
  return restarts;
}

/** Takes up the rest of a disk; all of it when the store writes meanwhile. */
function leaveRoom(directory: string, { ballast, bytes }: { ballast: string; bytes: number }): void {
  const { bavail, bsize } = statfsSync(directory);
  try {
    writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
