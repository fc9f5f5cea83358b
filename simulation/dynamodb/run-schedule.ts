/** One random schedule: instances, clients and mishaps from a seed, then everything heals and is checked. */

import { Violation } from '../violation.ts';
import { Chance } from './chance.ts';
import { checkHistory, type FinalState } from './check-history.ts';
import { Clients } from './clients.ts';
import { History } from './history.ts';
import { Instances, streamIds } from './instances.ts';
import { readFinalState } from './read-events.ts';
import { SimulatedDynamodb } from './simulated-dynamodb.ts';
import { VirtualTime } from './virtual-time.ts';

export interface ScheduleReport {
  readonly appends: number;
  readonly acknowledged: number;
  readonly conflicts: number;
  readonly unknown: number;
  readonly events: number;
  readonly mishaps: number;
}

const limitMs = 600_000;

/** @throws Violation */
export async function runSchedule(seed: number): Promise<ScheduleReport> {
  const chance = new Chance(seed);
  const time = new VirtualTime();
  const dynamodb = new SimulatedDynamodb(time, chance);
  const instances = new Instances({ time, chance, dynamodb });
  const history = new History();
  const clients = new Clients({ time, chance, instances, streamIds, history });
  let mishaps = 0;
  let final: FinalState | undefined;

  const script = async () => {
    if (chance.happens(0.5)) instances.writeOldEvents();
    const startsWithoutFeed = chance.happens(0.3);
    for (let count = chance.integer(2, 3); count > 0; count--) instances.start(startsWithoutFeed ? 'off' : 'on');
    const working = Promise.all(Array.from({ length: 5 }, () => clients.operate(8)));
    const following = Promise.all([clients.follow(), clients.follow()]);
    let isWorking = true;
    const mishapping = (async () => {
      while (isWorking) {
        await time.wait(chance.between(5, 250));
        if (startsWithoutFeed && chance.happens(0.3)) switchOn(instances, chance);
        mishaps++;
        void instances.befall().catch(() => undefined);
      }
    })();
    await working;
    isWorking = false;
    await mishapping;
    clients.isDone = true;
    await following;
    dynamodb.isFaulty = false;
    await time.wait(20_000);
    await instances.backfill();
    final = await readFinalState(instances.start('on').engine, streamIds);
  };

  let failure: unknown;
  script().catch((error: unknown) => {
    failure = error ?? new Error('failed');
  });
  const end = await time.run(() => final !== undefined || failure !== undefined, limitMs);
  if (failure !== undefined) throw failure;
  if (end === 'stuck' || final === undefined) throw new Violation('P-20', 'the run did not come to an end');
  checkHistory(history, final);
  return report(history, final, mishaps);
}

/** An instance without a feed is replaced by one with a feed, while others may still be without. */
function switchOn(instances: Instances, chance: Chance): void {
  const without = instances.running.filter(({ feed }) => feed === 'off');
  if (without.length === 0) return;
  const instance = chance.one(without);
  instances.running.splice(instances.running.indexOf(instance), 1);
  void instance.engine.close();
  instances.start('on');
}

function report({ appends, acknowledged }: History, { feed }: FinalState, mishaps: number): ScheduleReport {
  const results = appends.flatMap(({ attempts }) => attempts.map(({ result }) => result?.outcome));
  return {
    appends: appends.length,
    acknowledged: acknowledged.length,
    conflicts: results.filter((outcome) => outcome === 'version-conflict').length,
    unknown: results.filter((outcome) => outcome === undefined).length,
    events: feed.length,
    mishaps,
  };
}
