/** Random events, valid and nearly valid. */
import { jsonString, type ProposedEvent, parseStreamId, type StreamId } from '@event-store/core';
import fc from 'fast-check';
import { parseBody, refusalOf } from './parsing.ts';

const awkward = fc.constantFrom('a', '"', '\\', '\u2028', '\u2029', 'é', '𐀀', '\uffff', '/', ' ', '<');
const printable = fc.string({
  unit: fc.oneof(awkward, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
  minLength: 1,
  maxLength: 20,
});
const base64 = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64'));

export const streamId: fc.Arbitrary<StreamId> = printable
  .filter((text) => refusalOf(() => parseStreamId(text)) === undefined)
  .map(parseStreamId);

/** Events as the parser gives them. */
export const proposedEvent: fc.Arbitrary<ProposedEvent> = fc
  .record(
    {
      type: printable.filter(
        (type) => refusalOf(() => parseBody(`{"type":${jsonString(type)},"data":""}`)) === undefined,
      ),
      data: base64,
      id: fc.stringMatching(/^[A-Za-z0-9._:-]{1,128}$/),
      metadata: fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 }),
    },
    { requiredKeys: ['type', 'data'] },
  )
  .map((event) => parseBody(JSON.stringify(event))[0])
  .filter((event) => event !== undefined);

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('', ' ', '\n', '=', 'QQ==', 'Q', '\u0085', 'é'.repeat(150)),
);
const nearlyEvent = fc.record(
  {
    type: fc.oneof({ weight: 6, arbitrary: printable }, { weight: 1, arbitrary: anything }),
    data: fc.oneof({ weight: 6, arbitrary: base64 }, { weight: 1, arbitrary: anything }),
    id: fc.oneof({ weight: 6, arbitrary: fc.stringMatching(/^[a-c]{1,3}$/) }, { weight: 1, arbitrary: anything }),
    metadata: fc.oneof(fc.object({ maxDepth: 2, values: [fc.string(), fc.integer(), fc.constant(null)] }), anything),
    extra: anything,
  },
  { requiredKeys: [] },
);
const mostlyEvent = fc.record(
  { type: printable, data: base64, id: fc.stringMatching(/^[a-c]{1,3}$/), metadata: fc.constantFrom({}, { n: 1 }) },
  { requiredKeys: ['type', 'data'] },
);

/** Bodies of appends: some valid, most wrong in one place. */
export const nearlyBody: fc.Arbitrary<unknown> = fc.oneof(
  mostlyEvent,
  nearlyEvent,
  fc.array(mostlyEvent, { maxLength: 3 }),
  fc.array(fc.oneof(mostlyEvent, nearlyEvent), { maxLength: 3 }),
  anything,
);
