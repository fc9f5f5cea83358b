/** A process that runs one store after the other, for what needs many lives and no death of the process. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RunningStore } from './checked-store.ts';
import type { HostAnswer, HostRequest } from './host-messages.ts';

const program = fileURLToPath(new URL('./hosted-store.ts', import.meta.url));

export class StoreHost {
  #child: ChildProcess | undefined;

  /** Opens a store; rejects when it cannot be opened. */
  async open(directory: string, segmentBytes: number): Promise<RunningStore> {
    const child = this.#child ?? fork(program, [], { execArgv: ['--conditions=source'] });
    this.#child = child;
    const answer = await ask(child, { kind: 'open', directory, segmentBytes });
    if (answer.kind !== 'opened') throw new Error(`the store did not open: ${JSON.stringify(answer)}`);
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const isGone = () => resolve();
    child.once('exit', isGone);
    const end = async (signal: NodeJS.Signals) => {
      if (signal === 'SIGKILL') await this.kill();
      else await ask(child, { kind: 'close' });
      child.off('exit', isGone);
      resolve();
    };
    return { url: answer.url, ended, end };
  }

  /** Ends the process; the next store is opened in another one. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

/** The process may end instead of an answer: then there is nothing left of the store either. */
async function ask(child: ChildProcess, request: HostRequest): Promise<HostAnswer> {
  const { promise, resolve } = Promise.withResolvers<HostAnswer>();
  const isGone = (code: number | null, signal: string | null) =>
    resolve({ kind: 'failed', reason: `${code ?? signal}` });
  child.once('message', (answer) => resolve(answer as HostAnswer));
  child.once('exit', isGone);
  if (child.connected) child.send(request);
  else isGone(child.exitCode, child.signalCode);
  const answer = await promise;
  child.off('exit', isGone);
  return answer;
}
