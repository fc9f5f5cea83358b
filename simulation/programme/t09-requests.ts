/**
 * T9, requests: odd requests by grammar, whose answers are known, and valid ones with bytes changed,
 * each sent in several forms to servers that must answer alike, one of them a process of its own.
 * Shows P-21.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemoryEngine } from '../../packages/engine-memory/src/open-memory-engine.ts';
import { startServer } from '../../packages/server/src/start-server.ts';
import { type StoreProcess, startStore } from '../../scripts/store-process.ts';
import { answerAlike, type Form, type FormedServer, forms, leadStream } from '../http/answer-alike.ts';
import { checkExpected, fuzzedPipeline } from '../http/fuzzed-pipeline.ts';
import { type Footprint, footprintOf } from '../http/process-footprint.ts';
import { TargetServer } from '../http/target-server.ts';
import { seededRandom } from '../seeded-random.ts';
import type { Part, Trial } from './part.ts';

const pipelinesEach = 200;

export const requests: Part = {
  id: 'T9',
  name: 'requests',
  title: 'odd and mutated requests, in several forms that must be answered alike',
  unit: 'requests',
  counts: { short: 6_000, full: 750_000, goal: 10_000_000 },
  needs: [],
  async run(trial) {
    const random = seededRandom(trial.seed);
    const store = await ownStore(trial);
    const servers = [
      ...(await Promise.all(forms.map((form) => memoryServer(trial, form)))),
      { server: target(trial, store.url), form: { name: 'to a store on disk', lead: [], cut: (bytes) => [bytes] } },
    ] as const satisfies readonly FormedServer[];
    const before = footprintOf(store.processId);
    const figures = { pipelines: 0, refused: 0 };
    let done = 0;
    for (; figures.pipelines < pipelinesEach && done < trial.wanted; figures.pipelines++) {
      const pipeline = fuzzedPipeline(random);
      try {
        const answers = await answerAlike(servers, { ...pipeline, random, clock: trial.clock });
        checkExpected(pipeline, answers);
        done += servers.length * Math.max(1, answers.length);
        figures.refused += answers.filter(({ status }) => status >= 400).length;
      } catch (cause) {
        throw new Error(`pipeline ${figures.pipelines}: ${JSON.stringify(pipeline.bytes)}`, { cause });
      }
    }
    await checkStreams(servers.map(({ server }) => server));
    await checkFootprint(servers[servers.length - 1]?.server, { store, before });
    assert.deepEqual(await store.end('SIGTERM'), { code: 0, signal: null, stderr: '' });
    return { done, figures };
  },
};

function target(trial: Trial, url: string): TargetServer {
  const server = new TargetServer(url);
  trial.defer(() => server.close());
  return server;
}

async function memoryServer(trial: Trial, form: Form): Promise<FormedServer> {
  const options = { host: '127.0.0.1', port: 0, productVersion: 'test', logLevel: 'silent' } as const;
  const server = await startServer(options, async (observer) => openMemoryEngine({ observer }));
  trial.defer(() => server.stop());
  return { server: target(trial, server.url), form };
}

async function ownStore(trial: Trial): Promise<StoreProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'event-store-torture-'));
  trial.defer(() => rmSync(directory, { recursive: true, force: true }));
  const store = await startStore({ args: ['serve', '--port', '0', '--data', join(directory, 'data')] });
  trial.defer(async () => void (await store.end('SIGKILL')));
  return store;
}

/** What was stored is what was answered, so it is the same everywhere. */
async function checkStreams(servers: readonly TargetServer[]): Promise<void> {
  const [first, ...others] = await Promise.all(
    servers.map(async (server) => {
      const streams = new Map(await server.streams());
      streams.delete(leadStream);
      return streams;
    }),
  );
  for (const other of others) assert.deepEqual(other, first, 'what is stored');
}

/** Room for what a process learns in its first minutes: compiled code, caches, buffers. */
const growthMiBMax = 96;

async function checkFootprint(
  server: TargetServer | undefined,
  { store, before }: { store: StoreProcess; before: Footprint },
): Promise<void> {
  server?.close();
  const after = footprintOf(store.processId);
  assert.ok(
    after.anonymousMiB - before.anonymousMiB < growthMiBMax,
    `${before.anonymousMiB} to ${after.anonymousMiB} MiB`,
  );
  assert.ok(after.descriptors - before.descriptors < 10, `${before.descriptors} to ${after.descriptors} descriptors`);
}
