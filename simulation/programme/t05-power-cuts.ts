/** T5: the power of the disk under a loaded store is cut at any time, in a real file system. */
import { seededRandom } from '../seeded-random.ts';
import { CheckedStore, temporaryDirectory } from './checked-store.ts';
import { CuttableDisk, cuttableDiskNeeds } from './cuttable-disk.ts';
import type { Part } from './part.ts';
import { StoreHost } from './store-host.ts';

const cutsPerTrial = 20;

export const powerCuts: Part = {
  id: 'T5',
  name: 'power-cuts',
  title: 'power cuts of an ext4 file system under a store with 8 clients',
  unit: 'power cuts',
  counts: { short: 20, full: 10_000, goal: 200_000 },
  needs: cuttableDiskNeeds,
  async run(trial) {
    const random = seededRandom(trial.seed);
    const disk = new CuttableDisk(temporaryDirectory(trial));
    trial.defer(() => disk.discard());
    const host = new StoreHost();
    trial.defer(() => host.kill());
    const launch = ({ data, segmentBytes }: { data: string; segmentBytes: number }) => host.open(data, segmentBytes);
    const store = new CheckedStore({ trial, clients: 8, subscribers: 4, directory: disk.directory, launch });
    for (let cut = 1; cut <= cutsPerTrial; cut++) {
      await store.start();
      await store.operate(1 + random.below(80));
      await store.pass(random.below(15));
      store.workload.sever();
      disk.cut();
      await store.end(random.isTrue(0.1) ? 'SIGKILL' : 'SIGTERM');
      try {
        disk.unmount();
      } catch {
        // What cannot be closed any more goes with its process.
        await host.kill();
        disk.unmount();
      }
      disk.mount();
      trial.say(`cut ${cut} of ${cutsPerTrial}, seed ${trial.seed}`);
    }
    const { figures = {} } = await store.finish();
    return { done: cutsPerTrial, faults: { planned: cutsPerTrial, hit: cutsPerTrial }, figures };
  },
};
