/** Short lives of a store, each with other borders to cross: groups, sectors, segments, `head`. */
import type { StorageEngine } from '@event-store/core';
import type { RecordedLife } from './crash-states.ts';
import { type SampleAppend, sampleAppend } from './sample-appends.ts';

export interface Scenario {
  readonly name: string;
  readonly segmentBytes: number;
  readonly live: (life: RecordedLife) => Promise<void>;
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'one event at a time, over several segments',
    segmentBytes: 700,
    live: async (life) => {
      const engine = await life.machine.open();
      for (let i = 0; i < 7; i++) await acknowledge(life, engine, [{ streamId: `s${i % 2}`, name: `single ${i}` }]);
    },
  },
  {
    name: 'groups of appends that arrive together, some of them batches',
    segmentBytes: 2_000,
    live: async (life) => {
      const engine = await life.machine.open();
      await acknowledge(life, engine, [{ streamId: 'a', name: 'first' }]);
      for (let i = 0; i < 2; i++) {
        await acknowledge(life, engine, [
          { streamId: 'a', name: `batch ${i}`, events: 4, hasIds: true },
          { streamId: 'b', name: `single ${i}` },
          { streamId: 'b', name: `large ${i}`, dataBytes: 900 },
          { streamId: 'c', name: `pair ${i}`, events: 2 },
        ]);
      }
    },
  },
  {
    name: 'writes of head between appends, a clean stop and a second start',
    segmentBytes: 900,
    live: async (life) => {
      const engine = await life.machine.open();
      await acknowledge(life, engine, [{ streamId: 'a', name: 'first', hasIds: true }]);
      await life.machine.pass(60);
      await acknowledge(life, engine, [{ streamId: 'a', name: 'second', events: 3, hasIds: true }]);
      await life.machine.pass(1_100);
      await engine.close();
      const again = await life.machine.open();
      await acknowledge(life, again, [{ streamId: 'b', name: 'third', events: 2 }]);
      await life.machine.pass(60);
      await acknowledge(life, again, [{ streamId: 'a', name: 'fourth' }]);
      await again.close();
    },
  },
];

/** Sends appends at once, and notes what was acknowledged when it is. */
async function acknowledge(life: RecordedLife, engine: StorageEngine, appends: readonly SampleAppend[]): Promise<void> {
  await Promise.all(
    appends.map(async (append) => {
      const result = await engine.append(sampleAppend(append));
      if (result.outcome !== 'appended') throw new Error(`${append.name}: ${result.outcome}`);
      life.acknowledged = Math.max(life.acknowledged, result.streams[0]?.position ?? 0);
    }),
  );
}
