/** The line of an event: one line, the fields in their order, and everything comes back as it was. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  escapeLineBreaks,
  eventLine,
  isSameEvent,
  jsonString,
  type ProposedEvent,
  parseStreamId,
  type RecordedEvent,
  storedBytes,
} from '@event-store/core';
import fc from 'fast-check';
import { proposedEvent, streamId } from './arbitraries.ts';

const time = '2026-11-23T11:40:00.123Z';
const bare: ProposedEvent = { type: 'Opened', data: '', id: undefined, metadata: undefined };
const full: ProposedEvent = { type: 'Paid', data: 'QR==', id: 'id-1', metadata: '{"a":1}' };

function reread(event: ProposedEvent): RecordedEvent {
  return JSON.parse(eventLine({ streamId: parseStreamId('a'), version: 1, event, time }));
}

describe('eventLine', () => {
  it('has the fields in their order, and leaves out what there is not', () => {
    assert.equal(
      eventLine({ streamId: 'a', version: 3, event: full, time, position: 17 }),
      `{"streamId":"a","version":3,"type":"Paid","data":"QR==","id":"id-1","time":"${time}","metadata":{"a":1},"position":17}`,
    );
    assert.equal(
      eventLine({ streamId: 'a', version: 1, event: bare, time }),
      `{"streamId":"a","version":1,"type":"Opened","data":"","time":"${time}"}`,
    );
  });

  it('is one line of any standard, and comes back as it was', () => {
    const number = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(streamId, number, proposedEvent, fc.option(number), (id, version, event, position) => {
        const fields = { streamId: id, version, event, time };
        const line = eventLine(position === null ? fields : { ...fields, position });
        assert.doesNotMatch(line, /[\n\v\f\r\u0085\u2028\u2029]/);
        const read: RecordedEvent = JSON.parse(Buffer.from(line).toString());
        assert.deepEqual(
          [read.streamId, read.version, read.type, read.data, read.id, read.time, read.position ?? null],
          [id, version, event.type, event.data, event.id, time, position],
        );
        assert.deepEqual(read.metadata, event.metadata === undefined ? undefined : JSON.parse(event.metadata));
        assert.ok(isSameEvent(read, event), 'a retry is recognised');
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('jsonString and escapeLineBreaks', () => {
  it('escape every line break and change no value', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\u0085', '\u2028', '\u2029', '\\', '"', '𐀀') }),
        (text) => {
          assert.doesNotMatch(jsonString(text), /[\n\r\u0085\u2028\u2029]/);
          assert.equal(JSON.parse(jsonString(text)), text);
        },
      ),
    );
    assert.equal(escapeLineBreaks('{"a":"\u0085\u2028\u2029"}'), '{"a":"\\u0085\\u2028\\u2029"}');
  });
});

describe('isSameEvent', () => {
  it('is true of the event itself, and of no other', () => {
    const variants: readonly ProposedEvent[] = [
      bare,
      full,
      { ...full, type: 'paid' },
      { ...full, data: 'QQ==' },
      { ...full, id: 'id-2' },
      { ...full, id: undefined },
      { ...full, metadata: undefined },
      { ...full, metadata: '{}' },
      { ...full, metadata: '{"a":"\\u2028\\u0085"}' },
      { ...full, metadata: '{"a":"1"}' },
    ];
    for (const stored of variants) {
      for (const proposed of variants) assert.equal(isSameEvent(reread(stored), proposed), stored === proposed);
    }
  });
});

describe('storedBytes', () => {
  it('is never less than a line with the longest numbers and every field of an engine', () => {
    const longest = Number.MAX_SAFE_INTEGER;
    const engineFields = `,"commit":${longest},"synced":${longest},"crc32":"9f3a01bc"}\n`;
    fc.assert(
      fc.property(streamId, proposedEvent, (id, event) => {
        const line = eventLine({ streamId: id, version: longest, event, time, position: longest });
        assert.ok(storedBytes(id, event) >= Buffer.byteLength(line) - 1 + engineFields.length, line);
      }),
      { numRuns: 1_000 },
    );
  });
});
