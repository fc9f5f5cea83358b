/** Runs schedules on an engine whose source was changed while it was loaded; tells the first that fails. */
import { registerHooks } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { Edit } from './planted-bugs.ts';

export interface PlantedBugRun {
  readonly edits: readonly Edit[];
  readonly firstSeed: number;
  readonly seeds: number;
}

const { edits, firstSeed, seeds } = workerData as PlantedBugRun;
const engine = new URL('../../packages/engine-dynamodb/src/', import.meta.url).href;
const planted = new Set<Edit>();

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const own = edits.filter(({ file }) => url === engine + file);
    if (own.length === 0) return loaded;
    let source = String(loaded.source);
    for (const edit of own) {
      if (source.split(edit.find).length !== 2) throw new Error(`Not once in ${edit.file}: ${edit.find}`);
      source = source.replace(edit.find, () => edit.replace);
      planted.add(edit);
    }
    return { ...loaded, source };
  },
});

const { runSchedule } = await import('./run-schedule.ts');
if (planted.size !== edits.length) throw new Error('The engine does not load every file that is to be changed');
let caught: { readonly seed: number; readonly message: string } | undefined;
for (let seed = firstSeed; seed < firstSeed + seeds && caught === undefined; seed++) {
  try {
    await runSchedule(seed);
  } catch (error) {
    caught = { seed, message: error instanceof Error ? error.message : String(error) };
  }
}
parentPort?.postMessage(caught);
