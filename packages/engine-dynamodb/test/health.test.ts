/** An instance says when its table does not answer, and by itself when it does again. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SimulatedClock } from '../../../simulation/simulated-clock.ts';
import { type PutAttempt, QueryFailure, type Table } from '../src/table.ts';
import { WatchedTable } from '../src/watched-table.ts';

const item = { 'Entity ID': 'a', Version: 1 };

/** A table that answers as it is told to. */
class ToldTable implements Table {
  attempt: PutAttempt = { outcome: 'applied' };
  queries = 0;

  async put() {
    return this.attempt;
  }

  async replace() {
    return this.attempt;
  }

  async transactPut() {
    return { outcome: 'applied' } as const;
  }

  async query() {
    this.queries++;
    if (this.attempt.outcome === 'applied') return { items: [], next: undefined };
    throw new QueryFailure('again', new Error('no answer'));
  }
}

function watched() {
  const table = new ToldTable();
  const clock = new SimulatedClock({ startMs: 0 });
  return { table, clock, watching: new WatchedTable({ table, clock }) };
}

it('one request that failed is nothing to speak of', async () => {
  const { table, watching } = watched();
  table.attempt = { outcome: 'unknown' };
  await watching.put(item);
  assert.equal(watching.health().state, 'ready');
});

it('a table that does not answer for some seconds makes the engine unavailable, until it answers', async () => {
  const { table, clock, watching } = watched();
  table.attempt = { outcome: 'unknown' };
  await watching.put(item);
  clock.advance(5_000);
  await assert.rejects(watching.query({ partition: 'a', direction: 'forward', consistency: 'strong' }));
  const health = watching.health();
  assert.ok(health.state === 'unavailable' && /no answer/.test(health.reason), JSON.stringify(health));
  table.attempt = { outcome: 'applied' };
  await watching.put(item);
  assert.equal(watching.health().state, 'ready');
});

it('an engine that nobody uses asks the table when it is asked for its health', async () => {
  const { table, clock, watching } = watched();
  assert.equal(watching.health().state, 'ready');
  assert.equal(table.queries, 0);
  table.attempt = { outcome: 'unknown' };
  const states: string[] = [];
  for (let seconds = 0; seconds < 20; seconds++) {
    clock.advance(1_000);
    if (seconds === 15) table.attempt = { outcome: 'applied' };
    states.push(watching.health().state);
    await Promise.resolve();
    await new Promise((resolve) => void setImmediate(resolve));
  }
  assert.ok(states.indexOf('unavailable') > 0 && states.indexOf('unavailable') < 12, states.join());
  assert.deepEqual(states.slice(-3), ['ready', 'ready', 'ready']);
});

it('throttling and conflicts are answers', async () => {
  const { table, clock, watching } = watched();
  table.attempt = { outcome: 'not-applied' };
  for (let count = 0; count < 10; count++) {
    await watching.put(item);
    clock.advance(1_000);
  }
  assert.equal(watching.health().state, 'ready');
});
