import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender, Running } from '../contenders/contender.ts';
import { NotAvailable } from '../load/find-tool.ts';
import type { Settings } from './workload.ts';

export interface Started<Ability> {
  readonly contender: Contender<Ability>;
  readonly running: Running<Ability>;
}

/** Starts all that are installed on empty directories, lets `work` use them, stops all and removes what they stored. */
export async function withStarted<Ability, Result>(
  { contenders, settings }: { contenders: readonly Contender<Ability>[]; settings: Settings },
  work: (started: readonly Started<Ability>[]) => Promise<Result>,
): Promise<Result> {
  await using running = new AsyncDisposableStack();
  running.defer(() => rmSync(settings.directory, { recursive: true, force: true }));
  const started: Started<Ability>[] = [];
  for (const contender of contenders) {
    const each = await startIfAvailable(contender, settings);
    if (each === undefined) continue;
    running.defer(() => each.running.stop());
    started.push(each);
  }
  return await work(started);
}

async function startIfAvailable<Ability>(
  contender: Contender<Ability>,
  { directory, report }: Settings,
): Promise<Started<Ability> | undefined> {
  const own = join(directory, contender.name.replaceAll(/\W+/g, '-'));
  mkdirSync(own, { recursive: true });
  try {
    return { contender, running: await contender.start(own) };
  } catch (error) {
    if (!(error instanceof NotAvailable)) throw error;
    report(`${contender.name} is left out: ${error.message}`);
    return undefined;
  }
}
