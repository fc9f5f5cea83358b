/** What appends cost, metered from the bytes that are sent: the figures of the guide are bounds here. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { UnitMeter } from './unit-meter.ts';

let meter: UnitMeter;

before(async () => {
  meter = await UnitMeter.start();
});
after(() => meter.stop());

describe('write units of an event', () => {
  it('feed off: 1', async () => {
    assert.equal(await meter.unitsOfEvent({ feed: 'off', group: 1 }), 1);
    assert.equal(await meter.unitsOfEvent({ feed: 'off', group: 10 }), 1);
  });

  it('feed off, with a client id and no version: 4', async () => {
    assert.equal(await meter.unitsOfEvent({ feed: 'off', group: 1, hasIds: true }), 4);
  });

  it('feed on, alone, with its page: 5', async () => {
    assert.ok((await meter.unitsOfEvent({ feed: 'on', group: 1 })) <= 5);
  });

  for (const [group, unitsMax] of [
    [10, 2.35],
    [50, 2.2],
    [98, 2.2],
  ] as const) {
    it(`feed on, ${group} in a group: at most ${unitsMax}`, async () => {
      const units = await meter.unitsOfEvent({ feed: 'on', group });
      assert.ok(units <= unitsMax, `${units}`);
    });
  }

  it('feed on, with a client id and no version: at most 7 alone and 4.35 in a group of ten', async () => {
    assert.ok((await meter.unitsOfEvent({ feed: 'on', group: 1, hasIds: true })) <= 7);
    assert.ok((await meter.unitsOfEvent({ feed: 'on', group: 10, hasIds: true })) <= 4.35);
  });
});
