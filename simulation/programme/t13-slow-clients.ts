/**
 * T13: a store under thousands of connections that hold what they have got, and subscribers of which
 * some never read. Time-outs come, silent subscribers are dropped, everybody else gets everything,
 * and afterwards the process is as small as before.
 * Shows P-18.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StoreProcess, startStore } from '../../scripts/store-process.ts';
import { CountingSubscriber, neverReading } from '../http/counting-subscriber.ts';
import { type Footprint, footprintOf } from '../http/process-footprint.ts';
import { SlowClients } from '../http/slow-clients.ts';
import { TargetServer } from '../http/target-server.ts';
import type { Part, Trial } from './part.ts';

interface Siege {
  readonly slow: number;
  readonly readers: number;
  readonly silent: number;
}

/** A full trial has the numbers of the programme and the time-outs of the product, a short one a sixth of both. */
const full: Siege = { slow: 5_000, readers: 800, silent: 200 };
const short: Siege = { slow: 700, readers: 160, silent: 40 };
const sizeOf = ({ slow, readers, silent }: Siege): number => slow + readers + silent;

/** Two, so that what the first one taught the process does not count as growth. */
const sieges = 2;

export const slowClients: Part = {
  id: 'T13',
  name: 'slow-clients',
  title: 'connections that drip, wait or never read, beside subscribers and appends',
  unit: 'connections',
  counts: { short: sieges * sizeOf(short), full: 4 * sieges * sizeOf(full), goal: 40 * sieges * sizeOf(full) },
  needs: ['descriptors'],
  async run(trial) {
    const siege = trial.wanted < sieges * sizeOf(full) ? short : full;
    const store = await start(trial, siege);
    const server = new TargetServer(store.url);
    trial.defer(() => server.close());
    const beside: Beside = { store, server, position: 0, appends: 0, dropped: 0 };
    for (let count = 0; count < heavyAppends; count++) await append(beside, 'heavy', heavyEvents);
    const footprints: Footprint[] = [footprintOf(store.processId)];
    for (let count = 0; count < sieges; count++) {
      await besiege(trial, siege, beside);
      footprints.push(footprintOf(store.processId));
      trial.say(`${siege.slow} slow clients are gone, ${footprints.at(-1)?.anonymousMiB.toFixed(0)} MiB`);
    }
    checkGrowth(footprints);
    assert.deepEqual(await store.end('SIGTERM'), { code: 0, signal: null, stderr: '' });
    return { done: sieges * sizeOf(siege), figures: { appends: beside.appends, dropped: beside.dropped } };
  },
};

/** What goes on beside the siege. */
interface Beside {
  readonly store: StoreProcess;
  readonly server: TargetServer;
  position: number;
  appends: number;
  /** Subscribers, so far. */
  dropped: number;
}

async function start(trial: Trial, siege: Siege): Promise<StoreProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'event-store-torture-'));
  trial.defer(() => rmSync(directory, { recursive: true, force: true }));
  const data = join(directory, 'data');
  const impatient = ['--max-semi-space-size=8', '--conditions=source', 'simulation/impatient-store.ts'];
  const store = await startStore(
    siege === full ? { args: ['serve', '--port', '0', '--data', data] } : { args: [data], program: impatient },
  );
  trial.defer(async () => void (await store.end('SIGKILL')));
  return store;
}

/** More than the sockets of both sides hold, so that a subscriber that never reads is noticed. */
const heavyAppends = 6;
const heavyEvents = Array.from({ length: 12 }, () => ({ type: 'Heavy', data: 'A'.repeat(250_000) }));
const lightEvents = [{ type: 'Noted', data: '' }];

async function append(beside: Beside, stream: string, events: readonly object[]): Promise<void> {
  const answer = await fetch(`${beside.store.url}/${stream}`, { method: 'POST', body: JSON.stringify(events) });
  const content = await answer.text();
  assert.equal(answer.status, 200, content);
  beside.position = JSON.parse(content).position;
  beside.appends++;
}

async function besiege(trial: Trial, siege: Siege, beside: Beside): Promise<void> {
  const { port, processId } = beside.store;
  const before = footprintOf(processId);
  const slow = new SlowClients(trial.clock);
  trial.defer(() => slow.leave());
  const readers = await Promise.all(
    Array.from({ length: siege.readers }, () => CountingSubscriber.open(port, { after: beside.position })),
  );
  const silent = await Promise.all(Array.from({ length: siege.silent }, () => neverReading(port, '/heavy')));
  await slow.connect(port, siege.slow);
  let peakMiB = 0;
  const dropsExpected = beside.dropped + siege.silent;
  const isOver = () => slow.refused.done === slow.refused.expected && beside.dropped >= dropsExpected;
  do {
    await append(beside, 'noted', lightEvents);
    peakMiB = Math.max(peakMiB, footprintOf(processId).anonymousMiB);
    beside.dropped = await metric(beside, 'event_store_subscribers_dropped_total');
    await pause(trial);
  } while (!isOver());
  assert.equal(beside.dropped, dropsExpected, 'those that never read, and nobody else');
  assert.ok(peakMiB - before.anonymousMiB < heldMiBMax(siege), `${before.anonymousMiB} MiB, then ${peakMiB} MiB`);
  while (readers.some(({ cursor }) => cursor < beside.position)) await pause(trial);
  for (const each of [...readers, slow]) each.leave();
  for (const socket of silent) socket.destroy();
  while ((await metric(beside, 'event_store_http_connections')) > ownConnections) await pause(trial);
}

/** This part's own, kept alive. */
const ownConnections = 4;

function heldMiBMax({ slow, readers, silent }: Siege): number {
  return silent + (slow + readers) / 16 + 64;
}

async function metric({ server }: Beside, name: string): Promise<number> {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(await server.read('/-/metrics'))?.[1]);
}

function pause({ clock }: Trial): Promise<void> {
  return new Promise((resolve) => {
    clock.after(100, resolve);
  });
}

const growthMiBMax = 48;

function checkGrowth(footprints: readonly Footprint[]): void {
  const [, first, last] = footprints;
  assert.ok(first !== undefined && last !== undefined);
  assert.ok(last.anonymousMiB - first.anonymousMiB < growthMiBMax, `${first.anonymousMiB} to ${last.anonymousMiB} MiB`);
  const descriptors = footprints.map((footprint) => footprint.descriptors);
  assert.ok(Math.max(...descriptors) - Math.min(...descriptors) < 16, `descriptors: ${descriptors.join(', ')}`);
}
