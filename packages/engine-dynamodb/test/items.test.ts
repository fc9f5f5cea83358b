/** Each kind of item comes back as it was, and what is not of that kind is noticed. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { itemBytes } from '../src/item-bytes.ts';
import { batchOf, encodeEvent, eventItemLine, laneOf, provenVersion, recordedEvent } from '../src/items/event-item.ts';
import { decodeIdMarker, encodeIdMarker, idMarkerPartition } from '../src/items/id-marker.ts';
import { inlinedEvents, inlineEvents } from '../src/items/inlined-events.ts';
import { parseLanePlace, printLanePlace } from '../src/items/lane-place.ts';
import { countEvents, decodeLaneRecord, encodeLaneRecord, encodeSeal } from '../src/items/lane-record.ts';
import { decodeLateRun, encodeLateRun } from '../src/items/late-run.ts';
import { decodeLogPage, emptyLog, encodeLogPage, endOf, isInLog } from '../src/items/log-page.ts';
import type { Item } from '../src/table.ts';

const number = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const count = fc.integer({ min: 1, max: 98 });
const text = fc.string({ unit: 'grapheme', minLength: 1 });
const plain = { noNullPrototype: true } as const;
const place = fc.record({ lane: number, record: number }, plain);
const optionalPlace = fc.option(place, { nil: undefined });
const nonce = 'nonce';

it('an event', () => {
  const event = fc.record({
    type: text,
    data: fc.base64String(),
    id: fc.option(fc.stringMatching(/^[A-Za-z0-9._:-]+$/), { nil: undefined }),
    metadata: fc.option(fc.constantFrom('{}', '{"a":[1,null,"é"]}'), { nil: undefined }),
  });
  const version = fc.integer({ min: 1, max: 2 ** 40 });
  fc.assert(
    fc.property(text, version, count, event, optionalPlace, (streamId, firstVersion, eventCount, proposed, lane) => {
      const batch = { firstVersion, count: eventCount };
      const fields = {
        streamId,
        version: firstVersion,
        event: proposed,
        time: '2026-01-02T03:04:05.678Z',
        batch,
        nonce,
      };
      const item = encodeEvent({ ...fields, lane });
      const { metadata, ...rest } = recordedEvent(item);
      const expected = { streamId, version: firstVersion, type: proposed.type, data: proposed.data, time: fields.time };
      assert.deepEqual(rest, { ...expected, ...(proposed.id !== undefined && { id: proposed.id }) });
      assert.equal(metadata === undefined ? undefined : JSON.stringify(metadata), proposed.metadata);
      assert.deepEqual([batchOf(item), laneOf(item)], [batch, lane]);
      assert.equal(provenVersion(item), firstVersion + eventCount - 1);
    }),
  );
});

it('an event of the original service', () => {
  const item = { 'Entity ID': 'a', Version: 3, 'Event Type': 'Opened', Data: 'QQ==' };
  assert.deepEqual(recordedEvent(item), { streamId: 'a', version: 3, type: 'Opened', data: 'QQ==' });
  assert.deepEqual([batchOf(item), laneOf(item), provenVersion(item)], [{ firstVersion: 3, count: 1 }, undefined, 3]);
});

it('a lane place', () => {
  fc.assert(fc.property(place, (each) => assert.deepEqual(parseLanePlace(printLanePlace(each)), each)));
  for (const wrong of [undefined, '', '1', '1:', '0:1', '1:0', '01:1', '1:1:1', 'a:b', 7]) {
    assert.equal(parseLanePlace(wrong), undefined);
  }
});

it('an id marker', () => {
  const key = { streamId: 'a/b', eventId: 'one' };
  fc.assert(
    fc.property(number, count, (firstVersion, eventCount) => {
      const batch = { firstVersion, count: eventCount };
      assert.deepEqual(decodeIdMarker(encodeIdMarker({ ...key, nonce, batch })), batch);
    }),
  );
  assert.equal(idMarkerPartition(key), '-/id/a/b/one');
  assert.throws(() => decodeIdMarker({ 'Entity ID': '-/id/a/one', Version: 1 }), TypeError);
});

it('a lane record', () => {
  const entries = fc.array(fc.record({ streamId: text, firstVersion: number, count, previous: optionalPlace }, plain));
  fc.assert(
    fc.property(place, entries, (where, each) => {
      const record = decodeLaneRecord(encodeLaneRecord(where, each, nonce));
      assert.deepEqual(record, { number: where.record, entries: each, seals: false });
      assert.equal(
        countEvents(record),
        each.reduce((sum, entry) => sum + entry.count, 0),
      );
    }),
  );
  assert.deepEqual(decodeLaneRecord(encodeSeal({ lane: 1, record: 9 }, nonce)), {
    number: 9,
    entries: [],
    seals: true,
  });
  assert.throws(() => decodeLaneRecord({ 'Entity ID': '-/lane/1', Version: 1 }), TypeError);
});

it('a record of fifty streams stays within three KB', () => {
  const entries = Array.from({ length: 50 }, (_, index) => ({
    streamId: crypto.randomUUID(),
    firstVersion: 100 + index,
    count: 1,
    previous: { lane: 12, record: 34_567 },
  }));
  assert.ok(itemBytes(encodeLaneRecord({ lane: 12, record: 34_568 }, entries, 'x'.repeat(16))) <= 3 * 1024);
});

const events = fc.array(
  fc.record({
    type: text,
    data: text,
    id: fc.option(text, { nil: undefined }),
    metadata: fc.option(text, { nil: undefined }),
  }),
);

it('the events that are inlined into a record, as many as cost nothing', () => {
  fc.assert(
    fc.property(place, events, (where, proposed) => {
      const batch = { firstVersion: 1, count: proposed.length };
      const items = proposed.map((event, index) =>
        encodeEvent({ streamId: 'a', version: 1 + index, event, time: 'T', batch, nonce, lane: where }),
      );
      const bare = encodeLaneRecord(where, [{ streamId: 'a', ...batch, previous: undefined }], nonce);
      const record = inlineEvents(bare, items);
      const units = (item: Item) => Math.ceil(itemBytes(item) / 1_024);
      assert.equal(units(record), units(bare));
      const lines = new Set(items.map((item) => eventItemLine(item, 1)));
      const inlined = inlinedEvents(record);
      for (const item of inlined) assert.ok(lines.has(eventItemLine(item, 1)));
      const left = 1_024 * units(bare) - itemBytes(record);
      if (inlined.length === 0 && items[0]) assert.ok(itemBytes(items[0]) + 100 > left);
      assert.deepEqual(decodeLaneRecord(record), decodeLaneRecord(bare));
    }),
  );
});

it('a late run', () => {
  fc.assert(
    fc.property(number, count, place, (firstVersion, eventCount, lane) => {
      const run = { firstVersion, count: eventCount, lane };
      assert.deepEqual(decodeLateRun(encodeLateRun('a', run, nonce)), run);
    }),
  );
  assert.throws(() => decodeLateRun({ 'Entity ID': '-/late/a', Version: 1, count: 1, lane: 'x' }), TypeError);
});

it('a log page', () => {
  const range = fc.record({ lane: number, firstRecord: number, lastRecord: number, events: count }, plain);
  fc.assert(
    fc.property(
      number,
      fc.array(range),
      fc.array(fc.tuple(number, number)),
      number,
      (position, ranges, lanes, mark) => {
        const page = { position, ranges, lanes: new Map(lanes), mark };
        assert.deepEqual(decodeLogPage(encodeLogPage(page, nonce)), page);
      },
    ),
  );
  assert.throws(() => decodeLogPage({ 'Entity ID': '-/log', Version: 1, ranges: '[]', lanes: '[]' }), TypeError);
});

it('what is in the log once a page is', () => {
  const ranges = [{ lane: 2, firstRecord: 3, lastRecord: 4, events: 5 }];
  const page = { position: 11, ranges, lanes: new Map([[2, 4]]), mark: 3 };
  assert.deepEqual([endOf(emptyLog), endOf(page)], [0, 15]);
  const isThere = (lane: number, record: number) => isInLog(page, { lane, record });
  assert.deepEqual([isThere(2, 4), isThere(2, 5)], [true, false]);
  assert.deepEqual([isThere(1, 99), isThere(3, 1), isThere(4, 1)], [true, true, false]);
});
