/**
 * Gross regressions, found by ratios to what is possible at all in the same run: other work on the
 * machine slows both sides. The best of some rounds counts, measured in turn; thresholds are far
 * below what a quiet machine shows and above what the mistake would leave that each test names.
 */
import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bareHttp } from '../benchmarks/contenders/bare-http.ts';
import type { Contender, Running } from '../benchmarks/contenders/contender.ts';
import { eventStore } from '../benchmarks/contenders/event-store.ts';
import { catSocket } from '../benchmarks/contenders/log-through-socket.ts';
import { syncLoop } from '../benchmarks/contenders/sync-loop.ts';
import { nodeAppends } from '../benchmarks/load/node-appends.ts';
import { smallAppends } from '../benchmarks/load/sample-event.ts';

const rounds = 3;
const connections = 64;
const appends = 3_000;
const replayedEvents = 150_000;

const started = await startAll({ eventStore, bareHttp, syncLoop, catSocket });
after(() => started[Symbol.asyncDispose]());

test('a replay copies lines as they are stored', async () => {
  for (const each of [started.eventStore, started.catSocket]) await each.fillFeed(replayedEvents);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const ours = await started.eventStore.replay();
    const cat = await started.catSocket.replay();
    ratios.push(cat.seconds / ours.seconds);
  }
  assert.ok(Math.max(...ratios) > 0.4, `of cat through a socket: ${ratios.map((each) => each.toFixed(2))}`);
});

test('appends that wait together are synced together', async () => {
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const ours = await nodeAppends({ port: started.eventStore.port, connections, appends });
    const bare = await nodeAppends({ port: started.bareHttp.port, connections, appends });
    const single = { ...smallAppends, connections: 1, seconds: 0.2 };
    const { eventsPerSecond: syncsPerSecond } = await started.syncLoop.append(single);
    ratios.push(ours / Math.min(bare * 0.2, syncsPerSecond * 3));
  }
  assert.ok(Math.max(...ratios) > 1, `of the least that it should be: ${ratios.map((each) => each.toFixed(2))}`);
});

type RunningOf<Contenders> = {
  [name in keyof Contenders]: Contenders[name] extends Contender<infer Ability> ? Running<Ability> : never;
};

async function startAll<Contenders extends Readonly<Record<string, Contender<unknown>>>>(
  contenders: Contenders,
): Promise<RunningOf<Contenders> & AsyncDisposable> {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(mkdtempDisposableSync(join(tmpdir(), 'event-store-ratios-')));
  const running: Record<string, Running<unknown>> = {};
  for (const [name, contender] of Object.entries(contenders)) {
    const directory = join(folder.path, name);
    mkdirSync(directory);
    const each = await contender.start(directory);
    stack.defer(() => each.stop());
    running[name] = each;
  }
  const disposal = { [Symbol.asyncDispose]: () => stack.disposeAsync() };
  return Object.assign(running as RunningOf<Contenders>, disposal);
}
