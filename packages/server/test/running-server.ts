/** Servers for tests: on any free port of loopback, over an engine of the test's choice, their log kept. */
import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { EngineObserver, StorageEngine } from '@event-store/core';
import { openMemoryEngine } from '@event-store/engine-memory';
import { type RunningServer, type ServerOptions, startServer } from '../src/index.ts';

interface TestServer extends RunningServer, AsyncDisposable {
  /** The lines of its log, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
}

/** Starts a server that stops at the end of its scope. */
export async function testServer(
  options: Partial<ServerOptions> = {},
  openEngine: (observer: EngineObserver) => Promise<StorageEngine> = async (observer) => openMemoryEngine({ observer }),
): Promise<TestServer> {
  const log: Readonly<Record<string, unknown>>[] = [];
  const logDestination = { write: (line: string) => void log.push(JSON.parse(line)) };
  const defaults = { host: '127.0.0.1', port: 0, productVersion: 'test', logDestination };
  const server = await startServer({ ...defaults, ...options }, openEngine);
  return { ...server, log, [Symbol.asyncDispose]: () => server.stop() };
}

/** Opens a memory engine of which some methods are others. */
export function engineWith(methods: Partial<StorageEngine>): () => Promise<StorageEngine> {
  return async () => Object.assign(openMemoryEngine(), methods);
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The code of a refusal. */
  readonly code: unknown;
}

/** One request on a connection of its own, or of the agent. Rejects when the answer is cut off. */
export function ask(
  url: string,
  options: { method?: string; headers?: OutgoingHttpHeaders; body?: string; agent?: Agent } = {},
): Promise<Answer> {
  const { body, agent = new Agent(), ...rest } = options;
  return new Promise((resolve, reject) => {
    const asked = request(url, { ...rest, agent }, (response) => {
      text(response).then((content) => {
        const isProblem = response.headers['content-type'] === 'application/problem+json' && content !== '';
        const code = isProblem ? JSON.parse(content).code : undefined;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: content, code });
      }, reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** An append of one event. */
export const append = { method: 'POST', body: '{"type":"T","data":""}' } as const;
