/** One process owns a data directory; others are told which, and the lock dies with it. Shows P-09. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { StartError } from '@event-store/core';
import { openLogEngine } from '@event-store/engine-log';
import { sampleAppend } from '../../../../simulation/engine-log/sample-appends.ts';
import { startOwner } from '../support/start-owner.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Opens a directory that somebody owns; returns what the refusal says. */
async function refusal(directory: string): Promise<string> {
  const error = await openLogEngine({ directory }).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof StartError && error.kind === 'in-use', String(error));
  return error.message;
}

test('a second process is refused and told the first one’s id, until that is killed', async (context) => {
  const directory = join(temporaryDirectory(context), 'data');
  const owner = await startOwner(context, { directory });
  for (let i = 0; i < 2; i++) assert.match(await refusal(directory), new RegExp(`\\b${owner.processId}\\b`));
  await owner.kill();
  const engine = await openLogEngine({ directory });
  await engine.append(sampleAppend({ streamId: 'a', name: 'after the kill' }));
  await engine.close();
});

test('the same process is refused, too, until it has closed the store', async (context) => {
  const directory = join(temporaryDirectory(context), 'data');
  const first = await openLogEngine({ directory });
  assert.match(await refusal(directory), new RegExp(`\\b${process.pid}\\b`));
  await first.append(sampleAppend({ streamId: 'a', name: 'still owned' }));
  await first.close();
  await (await openLogEngine({ directory })).close();
});
