/** T6: system calls of a store under load fail: what it says meanwhile is true, and a restart heals it. Shows P-07. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type SeededRandom, seededRandom } from '../seeded-random.ts';
import { CheckedStore, temporaryDirectory } from './checked-store.ts';
import type { Part } from './part.ts';
import { type CallFault, putUpon, traceable } from './strace.ts';

const livesPerTrial = 4;

export const callErrors: Part = {
  id: 'T6',
  name: 'call-errors',
  title: 'failing and short writes, failing syncs, renames and opens of a store under 8 clients',
  unit: 'faults',
  counts: { short: 8, full: 500, goal: 5_000 },
  needs: ['strace'],
  async run(trial) {
    const random = seededRandom(trial.seed);
    const directory = temporaryDirectory(trial);
    const store = new CheckedStore({ trial, clients: 8, subscribers: 4, directory });
    let hit = 0;
    for (let life = 1; life <= livesPerTrial; life++) {
      const { processId = 0, url } = await store.start(traceable);
      await store.operate(random.below(50));
      const fault = random.isTrue(0.3) ? aLostSync(random, directory) : aCallFault(random);
      const put = await putUpon(processId, fault, join(directory, `trace-${life}`));
      await store.until(() => store.hasEnded || put.hits().length > 0 || store.isOlderThan(faultMsMax));
      await store.operate(30 + random.below(100));
      const hits = put.hits();
      if (hits.length > 0) hit++;
      if (hits.some(isLostSync)) await expectRefused(url, fault);
      await put.end();
      await store.operate(random.below(50));
      trial.say(`${fault.call}:${fault.fault}, life ${life} of ${livesPerTrial}, seed ${trial.seed}`);
      await store.end(random.isTrue(0.5) ? 'SIGTERM' : 'SIGKILL');
    }
    const { figures = {} } = await store.finish();
    return { done: livesPerTrial, faults: { planned: livesPerTrial, hit }, figures };
  },
};

const faultMsMax = 10_000;

/** A fault that a disk can have; some for once, some for good. */
export function aCallFault(random: SeededRandom): CallFault {
  const first = 1 + random.below(12);
  const when = [`${first}`, `${first}+`, `${first}..${first + 2}`][random.below(3)] ?? '1';
  const faults: readonly CallFault[] = [
    { call: 'fdatasync', fault: `error=EIO:when=${when}` },
    { call: 'fdatasync', fault: `error=ENOSPC:when=${when}` },
    { call: 'pwrite64', fault: `error=EIO:when=${when}` },
    { call: 'pwrite64', fault: `error=ENOSPC:when=${when}` },
    { call: 'pwrite64', fault: `error=EDQUOT:when=${when}` },
    { call: 'pwrite64', fault: `retval=0:when=${when}` },
    { call: 'ftruncate', fault: 'error=EIO:when=1+' },
    { call: 'rename', fault: 'error=EIO:when=1' },
    { call: 'openat', fault: 'error=EMFILE:when=1+' },
    { call: 'fsync', fault: 'error=EIO:when=1' },
  ];
  return faults[random.below(faults.length)] as CallFault;
}

/** A failing sync of the log alone, so that nothing else tells the store that its disk is broken. */
function aLostSync(random: SeededRandom, directory: string): CallFault {
  const log = join(directory, 'data', 'log');
  const path = join(log, readdirSync(log).sort().at(-1) ?? '');
  return { call: 'fdatasync', fault: `error=EIO:when=${1 + random.below(2)}`, path };
}

/** A sync of the log that failed: nobody knows what is on the disk. */
function isLostSync(line: string): boolean {
  return /fdatasync\(\d+<[^>]*\/log\//.test(line);
}

/** P-07: a failed sync is final until a restart. */
async function expectRefused(url: string, { call, fault }: CallFault): Promise<void> {
  const append = { method: 'POST', body: '{"type":"noted","data":"cmVmdXNlZA=="}' };
  const { status } = await fetch(`${url}/refused`, append);
  assert.equal(status, 503, `after ${call}:${fault} an append is answered with ${status}`);
}
