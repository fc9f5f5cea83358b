/** The schemas that the API is described by, and the parser that alone decides, say the same. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  AppendBodySchema,
  type ErrorCode,
  eventLine,
  limits,
  ProposedEventSchema,
  RecordedEventSchema,
} from '@event-store/core';
import fc from 'fast-check';
import { Check } from 'typebox/value';
import { nearlyBody, proposedEvent, streamId } from './arbitraries.ts';
import { parseBody, refusalOf } from './parsing.ts';

/** What a JSON schema cannot say, so that only the parser refuses it. */
const beyondSchemas: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'invalid-event-type',
  'invalid-data',
  'invalid-event-id',
  'duplicate-event-id',
  'invalid-metadata',
]);

describe('append bodies', () => {
  it('what the parser accepts, the schema accepts; what only the parser refuses, no schema can say', () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(nearlyBody, (body) => {
        const json = JSON.stringify(body);
        const refusal = refusalOf(() => parseBody(json));
        const isInSchema = Check(AppendBodySchema, JSON.parse(json));
        if (refusal === undefined) {
          accepted++;
          assert.ok(isInSchema, 'the parser accepts what the schema refuses');
        } else {
          refused++;
          assert.ok(!isInSchema || beyondSchemas.has(refusal.code), `${refusal.code} could be in the schema`);
        }
      }),
      { numRuns: 3_000 },
    );
    assert.ok(accepted > 300 && refused > 300, `${accepted} accepted, ${refused} refused`);
  });

  it('agree at the limits', () => {
    const event = { type: 't'.repeat(limits.eventTypeBytesMax), data: '', id: 'i'.repeat(limits.eventIdCharactersMax) };
    const bodies: readonly (readonly [unknown, boolean])[] = [
      [event, true],
      [{ ...event, type: `${event.type}t` }, false],
      [{ ...event, id: `${event.id}i` }, false],
      [{ ...event, extra: 1 }, false],
      [[], false],
      [Array.from({ length: limits.appendEventsMax }, () => ({ type: 'T', data: '' })), true],
      [Array.from({ length: limits.appendEventsMax + 1 }, () => ({ type: 'T', data: '' })), false],
    ];
    for (const [body, isValid] of bodies) {
      assert.equal(Check(AppendBodySchema, body), isValid);
      assert.equal(refusalOf(() => parseBody(JSON.stringify(body))) === undefined, isValid);
    }
  });
});

describe('events', () => {
  it('what is stored is in the schema of what is read', () => {
    fc.assert(
      fc.property(streamId, proposedEvent, (id, event) => {
        const line = eventLine({ streamId: id, version: 1, event, time: '2026-11-23T11:40:00.123Z', position: 1 });
        assert.ok(Check(RecordedEventSchema, JSON.parse(line)), line);
        const { type, data, id: eventId, metadata } = JSON.parse(line);
        assert.ok(Check(ProposedEventSchema, JSON.parse(JSON.stringify({ type, data, id: eventId, metadata }))), line);
      }),
      { numRuns: 500 },
    );
  });
});
