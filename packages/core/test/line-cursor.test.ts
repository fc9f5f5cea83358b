/** The place read off a line is the one that stands in it, whatever else the line holds. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsonString, lineCursor, openEventLine, type ProposedEvent, parseStreamId } from '@event-store/core';
import fc from 'fast-check';
import { proposedEvent, streamId } from './arbitraries.ts';

const number = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const time = '2026-11-23T11:40:00.123Z';

/** Names and text that look like the fields that are looked for. */
const misleading = fc.constantFrom(
  ',"position":7,',
  ',"version":7,',
  'a,',
  '","version":7,"position":7',
  '\\',
  '"',
  'position',
  'version',
);
const misleadingEvent: fc.Arbitrary<ProposedEvent> = fc
  .tuple(misleading, fc.dictionary(misleading, fc.oneof(misleading, number, fc.dictionary(misleading, number))))
  .map(([type, metadata]) => ({ type, data: '', id: undefined, metadata: JSON.stringify(metadata) }));
const misleadingId = fc.oneof(streamId, misleading.map(parseStreamId));

/** What engines may add behind the position. */
const engineFields = fc
  .record({ commit: number, synced: number, crc32: fc.constant('9f3a01bc') }, { requiredKeys: [] })
  .map((fields) => JSON.stringify(fields).slice(1, -1))
  .map((fields) => (fields === '' ? '}' : `,${fields}}`));

describe('lineCursor', () => {
  it('is the version and the position of the line', () => {
    fc.assert(
      fc.property(
        misleadingId,
        number,
        number,
        fc.oneof(proposedEvent, misleadingEvent),
        engineFields,
        (id, version, position, event, rest) => {
          const line = Buffer.from(openEventLine({ streamId: id, version, event, time, position }) + rest);
          assert.equal(lineCursor(line, 'version'), version);
          assert.equal(lineCursor(line, 'position'), position);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is the version also where the engine knows no position yet', () => {
    const event = { type: 'T', data: '', id: undefined, metadata: `{${jsonString(',"version":9')}:1}` };
    const line = Buffer.from(`${openEventLine({ streamId: 'a', version: 12, event, time })}}`);
    assert.equal(lineCursor(line, 'version'), 12);
    assert.throws(() => lineCursor(line, 'position'), /Broken invariant/);
  });
});
