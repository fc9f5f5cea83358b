/** A process is killed in the middle of its load, again and again: what it acknowledged is there. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLogEngine } from '@event-store/engine-log';
import { checkedHistory, parseLine } from '../../../../simulation/engine-log/history.ts';
import { seededRandom } from '../../../../simulation/seeded-random.ts';
import { effort } from '../support/effort.ts';
import { startOwner } from '../support/start-owner.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

interface Acknowledged {
  readonly name: string;
  readonly events: number;
  readonly position: number;
}

test('kill -9 under load', async (context) => {
  const directory = join(temporaryDirectory(context), 'data');
  const random = seededRandom(1);
  const acknowledged: Acknowledged[] = [];
  for (let round = 0; round < 4 * effort; round++) {
    const owner = await startOwner(context, { directory, clients: 8 });
    const enough = acknowledged.length + 1 + random.below(150);
    for await (const line of owner.lines) {
      acknowledged.push(JSON.parse(line) as Acknowledged);
      if (acknowledged.length === enough) void owner.kill();
    }
    assert.ok(acknowledged.length >= enough);
    const engine = await openLogEngine({ directory, segmentBytes: 30_000 });
    assert.deepEqual(engine.health(), { state: 'ready' });
    expectAll(acknowledged, await checkedHistory(engine));
    await engine.close();
  }
  context.diagnostic(`${acknowledged.length} appends were acknowledged`);
});

function expectAll(acknowledged: readonly Acknowledged[], lines: readonly string[]): void {
  for (const { name, events, position } of acknowledged) {
    const stored = lines.slice(position - events, position).map(parseLine);
    assert.deepEqual(
      stored.map(({ data }) => Buffer.from(data, 'base64').toString()),
      Array.from({ length: events }, (_, index) => `${name}/${index}`),
    );
  }
}
