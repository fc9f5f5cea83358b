/** A server over the embedded engine in this process, its clients and subscribers, and the checker. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@event-store/core';
import { openLogEngine } from '@event-store/engine-log';
import { startServer } from '@event-store/server';
import { checkHistory } from '../../checker/check-history.ts';
import { Violation } from '../../violation.ts';
import { readStored } from '../../workload/read-stored.ts';
import { Workload } from '../../workload/workload.ts';

const catchUpMs = 6_000;

export async function run(seed: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'event-store-planted-'));
  const options = { host: '127.0.0.1', port: 0, productVersion: 'planted', logDestination: { write: () => undefined } };
  const server = await startServer(options, (observer) =>
    openLogEngine({ directory: join(directory, 'data'), observer }),
  );
  const workload = new Workload({ seed, clients: 8, subscribers: 8, operations: 500, clock: systemClock });
  const { recorder } = workload;
  try {
    workload.location.up(server.url);
    workload.start();
    await workload.finished();
    recorder.add({ kind: 'healed', atMs: recorder.nowMs() });
    const end = await readStored(server.url, 'healed', recorder);
    const isLate = new Promise<void>((resolve) => void systemClock.after(catchUpMs, resolve));
    await workload.catchUp(end, isLate);
    await workload.stop();
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  const [finding] = checkHistory(recorder.history);
  if (finding !== undefined) throw new Violation(finding.invariant, finding.message);
}
