/** Slots and partitions: the same for ever, sharing all streams evenly, without a gap or an overlap. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import { limits, parsePartition, slotCount, slotOf, slotsOf } from '@event-store/core';
import fc from 'fast-check';

const ids = 20_000;

describe('slots', () => {
  it('are the CRC-32 of the id, as everybody else has it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 0xd7ff })), (codePoints) => {
        const streamId = String.fromCodePoint(...codePoints);
        assert.equal(slotOf(streamId), crc32(streamId) >>> 22);
      }),
    );
  });

  it('never change', () => {
    assert.deepEqual(['account-1', 'é', '😀', ''].map(slotOf), [481, 56, 21, 0]);
  });

  it('are not beside each other where ids differ in one digit', () => {
    for (const prefix of ['order-', 'account/', 'é', '2026-11-', '']) {
      const halves = numbers(9).map((number) => (slotOf(`${prefix}${number}`) < slotCount / 2 ? 1 : 2));
      for (const half of [1, 2]) assert.ok(halves.filter((each) => each === half).length >= 3, `${prefix}: ${halves}`);
    }
  });

  it('share ids of the usual kinds evenly', () => {
    const kinds = [
      (index: number) => `account-${index}`,
      (index: number) => `order/${String(index).padStart(8, '0')}`,
      (index: number) => `${(index * 2654435761) % 2 ** 32}-customer`,
    ];
    for (const idOf of kinds) {
      const streams = new Array<number>(slotCount).fill(0);
      for (let index = 0; index < ids; index++) {
        const slot = slotOf(idOf(index));
        streams[slot] = (streams[slot] as number) + 1;
      }
      for (const count of [2, 3, 4, 7, 16, 64]) {
        for (const number of numbers(count)) {
          const { first, end } = slotsOf({ number, count });
          const size = streams.slice(first, end).reduce((sum, each) => sum + each, 0);
          const fair = ids / count;
          assert.ok(size > 0.8 * fair && size < 1.2 * fair, `${idOf(1)}, ${number}/${count}: ${size}`);
        }
      }
    }
  });
});

describe('partitions', () => {
  it('of any number share all slots', () => {
    for (let count = 1; count <= limits.partitionsMax; count++) {
      let next = 0;
      for (const number of numbers(count)) {
        const { first, end } = slotsOf({ number, count });
        assert.equal(first, next);
        assert.ok(end > first);
        next = end;
      }
      assert.equal(next, slotCount);
    }
  });

  it('are read strictly', () => {
    assert.deepEqual(parsePartition('2/4'), { number: 2, count: 4 });
    assert.deepEqual(parsePartition('64/64'), { number: 64, count: 64 });
    for (const text of ['', '2', '0/4', '5/4', '1/65', '01/4', '1/04', ' 1/4', '1/4 ', '+1/4', '1/4/2', '1.0/4']) {
      assert.equal(parsePartition(text), undefined, text);
    }
  });
});

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
