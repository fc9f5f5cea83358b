/** Filtering by bytes agrees with the one rule of filters, whatever stands in the lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FeedFilter, passesFilter } from '@event-store/core';
import fc from 'fast-check';
import type { LogLineFields } from '../../src/format/log-line.ts';
import { encodeLostLine } from '../../src/format/lost-line.ts';
import { LineFilter } from '../../src/read/line-filter.ts';
import { arbitraryFields, lineOf } from '../support/arbitrary-lines.ts';

/** Names that look like what the filter looks for. */
const tricky = fc.constantFrom('a', 'ab', ',"type":"a","data":', '{"streamId":"a', '"', 'é', '😀', '\u2028');

interface Sample extends LogLineFields {
  readonly isLost: boolean;
}

const sample: fc.Arbitrary<Sample> = fc
  .record({
    fields: arbitraryFields,
    streamId: fc.option(tricky),
    type: fc.option(tricky),
    tells: fc.boolean(),
    isLost: fc.nat(9).map((n) => n === 0),
  })
  .map(({ fields, streamId, type, tells, isLost }) => ({
    ...fields,
    streamId: streamId ?? fields.streamId,
    event: {
      ...fields.event,
      type: type ?? fields.event.type,
      metadata: tells ? '{"x":0,"type":"a","data":""}' : fields.event.metadata,
    },
    isLost,
  }));

const slots = fc.tuple(fc.nat(1_024), fc.nat(1_024)).map(([first, end]) => ({ first, end }));
const part = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const filter: fc.Arbitrary<FeedFilter> = fc
  .record({
    types: part(fc.array(tricky, { maxLength: 12 }).map((types) => new Set(types))),
    streamPrefix: part(fc.oneof(tricky, fc.constantFrom('', '\ud83d', 'a"'))),
    slots: part(slots),
  })
  .map((parts) => Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)));

test('the lines that pass are those whose events pass', () => {
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 12 }), filter, (samples, wanted) => {
      const lines = samples.map((each) => (each.isLost ? encodeLostLine({ ...each, checksum: 7 }, 9) : lineOf(each)));
      const passing = samples.flatMap(({ streamId, event: { type }, isLost }, index) =>
        !isLost && passesFilter({ streamId, type }, wanted) ? [index] : [],
      );
      const block = Buffer.concat(lines);
      const found = [...new LineFilter(wanted).matches(block)].map(({ start, end }) =>
        block.subarray(start, end).toString(),
      );
      assert.deepEqual(
        found,
        passing.map((index) => `${lines[index]}`),
      );
    }),
    { numRuns: 2_000 },
  );
});
