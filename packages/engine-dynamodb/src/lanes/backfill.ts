/**
 * Brings into the feed what was written without a lane and that no append has followed yet: the
 * newest events of streams of the original service. It can be stopped and run again at any time,
 * beside instances that serve.
 */
import { Heads } from '../heads.ts';
import { readHead } from '../read-head.ts';
import type { World } from '../world.ts';
import { LaneWriter } from './lane-writer.ts';
import { coverWithRuns } from './late-runs.ts';

export class Backfill {
  readonly #world: World;
  readonly #writer: LaneWriter;
  #events = 0;

  constructor(world: World) {
    this.#world = world;
    this.#writer = new LaneWriter({
      world,
      heads: new Heads(),
      onRecord: ({ entries }) => {
        for (const { count } of entries) this.#events += count;
      },
    });
  }

  /** Events that were brought into the feed. */
  get events(): number {
    return this.#events;
  }

  async run(streamId: string): Promise<void> {
    const { version, lane } = await readHead(this.#world, streamId);
    if (version === 0 || lane !== undefined) return;
    await coverWithRuns(this.#world, { streamId, version, write: this.#writer.writeRun });
  }

  close(): Promise<void> {
    return this.#writer.close();
  }
}
