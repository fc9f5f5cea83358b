/** Server processes over one table, and what befalls them: killed, stopped, paused, their lanes sealed. */
import assert from 'node:assert/strict';
import type { TableAddress } from '../../../packages/engine-dynamodb/test/emulator.ts';
import { type StoreProcess, startStore } from '../../../scripts/store-process.ts';
import type { Chance } from '../chance.ts';
import type { Served } from '../clients.ts';
import { HttpStore } from './http-store.ts';

export type Mishap = 'kill' | 'stop' | 'pause';

export interface ServerInstance extends Served {
  readonly url: string;
  readonly store: StoreProcess;
  readonly process: { isKilled: boolean };
}

export interface ServerProcessesOptions {
  readonly address: TableAddress;
  readonly chance: Chance;
  readonly wait: (delayMs: number) => Promise<void>;
  readonly defer: (cleanUp: () => Promise<void>) => void;
}

export class ServerProcesses {
  readonly #options: ServerProcessesOptions;
  readonly running: ServerInstance[] = [];

  constructor(options: ServerProcessesOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.running.push(await this.#instance());
  }

  async befall(mishap: Mishap): Promise<void> {
    const { chance, wait } = this.#options;
    const instance = chance.one(this.running);
    const { store } = instance;
    if (mishap === 'pause') {
      process.kill(store.processId, 'SIGSTOP');
      await wait(chance.between(100, chance.happens(0.2) ? 5_000 : 1_500));
      process.kill(store.processId, 'SIGCONT');
      return;
    }
    instance.process.isKilled = true;
    const { signal, code } = await store.end(mishap === 'kill' ? 'SIGKILL' : 'SIGTERM');
    assert.ok(mishap === 'kill' ? signal === 'SIGKILL' : code === 0, `${mishap}: ${code} ${signal}`);
    const next = await this.#instance();
    this.running.splice(this.running.indexOf(instance), 1, next);
  }

  /** A new instance takes the place of all. */
  async replaceAll(): Promise<void> {
    const next = await this.#instance();
    await stopped(this.running.splice(0, this.running.length, next));
  }

  stop(): Promise<void> {
    return stopped(this.running.splice(0));
  }

  async #instance(): Promise<ServerInstance> {
    const { table, region, endpoint } = this.#options.address;
    const store = await startStore({
      args: ['serve', '--port', '0', '--log-level', 'info'],
      environment: {
        DYNAMODB_TABLE: table,
        AWS_REGION: region,
        AWS_ENDPOINT_URL_DYNAMODB: endpoint,
        AWS_ACCESS_KEY_ID: 'emulator',
        AWS_SECRET_ACCESS_KEY: 'emulator',
      },
    });
    this.#options.defer(async () => void (await store.end('SIGKILL')));
    return { url: store.url, store, engine: new HttpStore(store.url), feed: 'on', process: { isKilled: false } };
  }
}

/** Stops them as an operator does, and insists that they end well. */
async function stopped(instances: readonly ServerInstance[]): Promise<void> {
  const ends = await Promise.all(instances.map(({ store }) => store.end('SIGTERM')));
  for (const { code, stderr } of ends) assert.equal(code, 0, stderr);
}
