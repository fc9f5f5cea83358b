/** T4: a store under a load of eight clients is killed again and again, at any time or at an exact call. Shows P-01. */
import { type SeededRandom, seededRandom } from '../seeded-random.ts';
import { CheckedStore } from './checked-store.ts';
import type { Part } from './part.ts';
import { putUpon, startingUnder, traceable } from './strace.ts';

const livesPerTrial = 10;

export const kills: Part = {
  id: 'T4',
  name: 'kills',
  title: 'kill -9 of a store under 8 clients, at a random time or at an exact write or sync',
  unit: 'kills',
  counts: { short: 20, full: 1_500, goal: 20_000 },
  needs: ['strace'],
  async run(trial) {
    const random = seededRandom(trial.seed);
    const store = new CheckedStore({ trial, clients: 8, subscribers: 4 });
    let hit = 0;
    for (let life = 1; life <= livesPerTrial; life++) {
      if (await killOnce(store, random)) hit++;
      trial.say(`life ${life} of ${livesPerTrial}, seed ${trial.seed}`);
    }
    const { figures = {} } = await store.finish();
    return { done: livesPerTrial, faults: { planned: livesPerTrial, hit }, figures };
  },
};

/** One life. Whether it ended as it was to. */
async function killOnce(store: CheckedStore, random: SeededRandom): Promise<boolean> {
  const way = random.below(5);
  const call = random.isTrue(0.5) ? 'fdatasync' : 'pwrite64';
  if (way === 0) {
    const starting = store.start(startingUnder({ call, fault: `signal=SIGKILL:when=${1 + random.below(8)}` }));
    const isStarted = await starting.then(
      () => true,
      () => false,
    );
    if (isStarted) await store.pass(callMsMax);
    const hasHit = !isStarted || store.hasEnded;
    await store.end('SIGKILL');
    return hasHit;
  }
  const { processId = 0 } = await store.start(traceable);
  if (way === 1) {
    const fault = { call, fault: `signal=SIGKILL:when=${1 + random.below(30)}` };
    await putUpon(processId, fault);
    await store.pass(callMsMax);
    const hasHit = store.hasEnded;
    await store.end('SIGKILL');
    return hasHit;
  }
  await store.operate(1 + random.below(150));
  await store.pass(random.below(20));
  await store.end('SIGKILL');
  return true;
}

/** Within this time there are more calls than any kill waits for. */
const callMsMax = 10_000;
