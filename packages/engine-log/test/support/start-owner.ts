/** Starts a process that owns a store, and reads what it prints. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

export interface Owner {
  readonly processId: number;
  /** What it prints after it has opened the store, line by line, until it ends. */
  readonly lines: AsyncIterableIterator<string>;
  /** Ends it with SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
}

export async function startOwner(
  context: TestContext,
  { directory, clients = 0 }: { directory: string; clients?: number },
): Promise<Owner> {
  const program = fileURLToPath(new URL('./store-owner.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, ['--conditions=source', program, directory, `${clients}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  context.after(kill);
  assert.ok(child.stdout !== null && child.pid !== undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  assert.equal((await lines.next()).value, 'open');
  return { processId: child.pid, lines, kill };
}
