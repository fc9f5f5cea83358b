/**
 * Faults of system calls, put between a store and the kernel by strace: from its start on, or once
 * it runs. strace counts calls thread by thread, so a store that is traced has one thread for them.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Start } from './checked-store.ts';

/** What happens to which calls: `error=EIO:when=3+`, as strace has it. */
export interface CallFault {
  readonly call: string;
  readonly fault: string;
  /** The one file that is concerned; all of them if not given. */
  readonly path?: string;
}

export const traceable: Start = { environment: { UV_THREADPOOL_SIZE: '1' } };

/** A start under a fault. */
export function startingUnder(fault: CallFault): Start {
  return { ...traceable, launcher: ['strace', ...optionsOf(fault)] };
}

/** A fault that was put upon a store that runs. */
export interface PutFault {
  /** The calls that it hit so far, as strace writes them, with the paths of their files. */
  hits(): readonly string[];
  /** Takes it away again. */
  end(): Promise<void>;
}

/** Puts a fault upon a store; fulfils once it is there. */
export async function putUpon(processId: number, fault: CallFault, trace = '/dev/null'): Promise<PutFault> {
  const args = [...optionsOf(fault, trace), '-p', `${processId}`];
  const strace = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(strace, 'close');
  await Promise.race([attached(strace.stderr), ended]);
  return {
    hits: () =>
      readFileSync(trace, 'utf8')
        .split('\n')
        .filter((line) => line.includes('(INJECTED)')),
    async end() {
      strace.kill('SIGINT');
      await ended;
    },
  };
}

function optionsOf({ call, fault, path }: CallFault, trace = '/dev/null'): readonly string[] {
  const only = path === undefined ? [] : ['-P', path];
  return [...only, '-f', '-y', '-o', trace, '-e', `trace=${call}`, '-e', `inject=${call}:${fault}`];
}

/** It says so for each thread. */
function attached(stderr: Readable): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  stderr.on('data', (chunk: Buffer) => {
    if (chunk.includes('attached')) resolve();
  });
  return promise;
}
