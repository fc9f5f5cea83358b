/** T7: many operations of 32 clients while the store is killed, its calls fail, and its power is cut. */
import { join } from 'node:path';
import { type SeededRandom, seededRandom } from '../seeded-random.ts';
import { CheckedStore, temporaryDirectory } from './checked-store.ts';
import { CuttableDisk, cuttableDiskNeeds } from './cuttable-disk.ts';
import { whyNot } from './needs.ts';
import type { Part } from './part.ts';
import { putUpon, traceable } from './strace.ts';
import { aCallFault } from './t06-call-errors.ts';

const operationsPerTrial = 10_000;

export const operations: Part = {
  id: 'T7',
  name: 'operations',
  title: 'operations of 32 clients and 8 subscribers on a store that is killed, has faults, and loses power',
  unit: 'operations',
  counts: { short: 50_000, full: 4_000_000, goal: 50_000_000 },
  // T4 to T6 insist on what their faults need; this one makes do with what there is.
  needs: [],
  async run(trial) {
    const random = seededRandom(trial.seed);
    const directory = temporaryDirectory(trial);
    const disk = whyNot(cuttableDiskNeeds) === undefined ? new CuttableDisk(directory) : undefined;
    trial.defer(() => disk?.discard());
    const canTrace = whyNot(['strace']) === undefined;
    const wanted = Math.min(trial.wanted, operationsPerTrial);
    const store = new CheckedStore({
      ...{ trial, clients: 32, subscribers: 8, operations: wanted },
      directory: disk?.directory ?? directory,
    });
    let lives = 0;
    while (store.workload.done < wanted) {
      lives++;
      await live({ store, disk, canTrace, random, trace: join(directory, `trace-${lives}`) });
      trial.say(`${store.workload.done} operations, ${lives} lives, seed ${trial.seed}`);
    }
    const { done, figures = {} } = await store.finish();
    return { done, figures: { ...figures, lives } };
  },
};

interface Life {
  readonly store: CheckedStore;
  readonly disk: CuttableDisk | undefined;
  readonly canTrace: boolean;
  readonly random: SeededRandom;
  readonly trace: string;
}

/** One life, most of it undisturbed, with one fault at its end. */
async function live({ store, disk, canTrace, random, trace }: Life): Promise<void> {
  const { processId = 0 } = await store.start(canTrace ? traceable : {});
  await store.operate(1_000 + random.below(4_000));
  const way = random.below(4);
  if (way === 0) return store.end('SIGTERM');
  if (way === 1 || (way === 2 && !canTrace) || (way === 3 && disk === undefined)) return store.end('SIGKILL');
  if (way === 2) {
    const fault = await putUpon(processId, aCallFault(random), trace);
    await store.operate(200);
    await fault.end();
    return store.end('SIGKILL');
  }
  store.workload.sever();
  disk?.cut();
  await store.end('SIGKILL');
  disk?.unmount();
  disk?.mount();
}
