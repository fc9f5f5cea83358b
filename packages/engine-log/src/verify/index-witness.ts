/** Asks an index what it knows, from a process of its own, which a broken index may end without harm. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Finding } from './finding.ts';
import type { IndexQuestion } from './index-question.ts';
import type { IndexCover } from './index-tables.ts';
import type { WalkOptions } from './walk-log.ts';

/** What an index is asked when a store is checked. */
export interface IndexWitness {
  /** The end of what it covers. */
  readonly covered: IndexCover | undefined;
  check(walk: WalkOptions): Promise<readonly Finding[]>;
  /** Whose events stand at some positions, as far as it knows. */
  names(
    positions: readonly number[],
  ): Promise<ReadonlyMap<number, { readonly streamId: string; readonly version: number }>>;
  close(): Promise<void>;
}

/** Opens an index; fails when it cannot be read. */
export type OpenIndexWitness = (index: {
  readonly directory: string;
  readonly storeId: string;
}) => Promise<IndexWitness>;

export const openIndexWitness: OpenIndexWitness = async (index) => {
  const child = fork(new URL('./index-process.ts', import.meta.url), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const close = () => stop(child);
  try {
    const covered = (await ask(child, { kind: 'open', ...index })) as IndexCover | undefined;
    return {
      covered,
      check: async ({ fileSystem: _, ...walk }) => (await ask(child, { kind: 'check', walk })) as readonly Finding[],
      names: async (positions) =>
        (await ask(child, { kind: 'names', positions })) as Awaited<ReturnType<IndexWitness['names']>>,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

async function ask(child: ChildProcess, question: IndexQuestion): Promise<unknown> {
  const ended = isOver(child) ? Promise.resolve() : once(child, 'exit');
  const answered = once(child, 'message');
  if (child.connected) child.send(question);
  const [answer] = (await Promise.race([answered, ended.then(() => [])])) as readonly Answer[];
  if (answer === undefined)
    throw new Error(`the process that read it ended with ${child.signalCode ?? child.exitCode}`);
  if (answer.problem !== undefined) throw new Error(answer.problem);
  return answer.value;
}

interface Answer {
  readonly value?: unknown;
  readonly problem?: string;
}

function isOver({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function stop(child: ChildProcess): Promise<void> {
  if (isOver(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
