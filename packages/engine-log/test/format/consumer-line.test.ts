/** Lines of `consumers.ndjson`: they come back, and anything else is not taken for one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type ConsumerEntry,
  ConsumerLines,
  decodeConsumerLine,
  decodeConsumersHeader,
  marksIn,
  seedAfter,
} from '../../src/format/consumer-line.ts';

const number = fc.nat({ max: 2 ** 40 });
const entry: fc.Arbitrary<ConsumerEntry> = fc.record(
  {
    name: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/),
    revision: number,
    state: fc.option(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()).map((value) => JSON.stringify(value)),
      { nil: undefined },
    ),
  },
  { noNullPrototype: true },
);

test('a line comes back, and is one line', () => {
  fc.assert(
    fc.property(entry, number, fc.nat({ max: 2 ** 32 - 1 }), (written, synced, seed) => {
      const lines = new ConsumerLines(seed).entry(written, synced);
      const text = lines.bytes.toString('utf8');
      assert.doesNotMatch(text.slice(0, -1), /[\n\r\u0085\u2028\u2029]/);
      assert.equal(seedAfter(lines.bytes, seed), lines.seed);
      const read = decodeConsumerLine(lines.bytes);
      assert.equal(read.synced, synced);
      const { state, ...others } = read.entry ?? {};
      const { state: expected, ...expectedOthers } = written;
      assert.deepEqual(others, expectedOthers);
      if (expected === undefined) assert.equal(state, undefined);
      else assert.deepEqual(JSON.parse(state ?? ''), JSON.parse(expected));
    }),
  );
});

test('the header and marks come back', () => {
  const header = { format: 1, consumersOf: 'a-store', revision: 41, records: 3 };
  const first = new ConsumerLines(0).header(header);
  assert.deepEqual(decodeConsumersHeader(first.bytes), header);
  const both = new ConsumerLines(0).header(header).mark(398);
  const mark = both.bytes.subarray(first.bytes.length);
  assert.equal(seedAfter(mark, first.seed), both.seed);
  assert.deepEqual(decodeConsumerLine(mark), { entry: undefined, synced: 398 });
  assert.deepEqual(marksIn(both.bytes), [398]);
  assert.deepEqual(marksIn(Buffer.concat([Buffer.from([0xff, 0x00]), mark.subarray(0, -12)])), [398]);
});

test('what is not as it was written is no line, and no mark', () => {
  const { bytes } = new ConsumerLines(7).entry({ name: 'a', revision: 1, state: '{"at":1}' }, 5);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    assert.equal(seedAfter(changed, 7), undefined);
  }
  assert.equal(seedAfter(bytes, 8), undefined);
  assert.equal(seedAfter(bytes.subarray(0, -1), 7), undefined);
  assert.deepEqual(marksIn(Buffer.from('{"synced":398,"own":"00000000","crc32":"')), []);
  const state = JSON.stringify({ text: new ConsumerLines(0).mark(9).bytes.toString('latin1') });
  assert.deepEqual(marksIn(new ConsumerLines(0).entry({ name: 'a', revision: 1, state }, 0).bytes), []);
});
