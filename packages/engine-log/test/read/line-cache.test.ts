/** Lines that are kept: what is found is what was added, and memory is bounded, whatever is read. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseStreamId } from '@event-store/core';
import { seededRandom } from '../../../../simulation/seeded-random.ts';
import { type KeptLines, LineCache, lastVersion } from '../../src/read/line-cache.ts';

const mebibyte = 1024 * 1024;

function lineOf(streamId: string, version: number, bytes: number): string {
  return `${streamId} ${version} `.padEnd(bytes, '.').concat('\n');
}

/** Adds versions `first` … `last`, each of its own length. */
function add(cache: LineCache, stream: string, { first, last, bytes }: { first: number; last: number; bytes: number }) {
  const lines = Array.from({ length: last - first + 1 }, (_, index) => lineOf(stream, first + index, bytes + index));
  const lineEnds: number[] = [];
  for (const line of lines) lineEnds.push((lineEnds.at(-1) ?? 0) + line.length);
  cache.add(parseStreamId(stream), { firstVersion: first, bytes: Buffer.from(lines.join('')), lineEnds });
}

function textOf(kept: KeptLines, version: number): string {
  const index = version - kept.firstVersion;
  return kept.slab.buffer.toString('latin1', kept.borders[index], kept.borders[index + 1]);
}

describe('lines that are kept', () => {
  it('are found as they were added, while others come and go', () => {
    const random = seededRandom(3);
    const cache = new LineCache({ bytesMax: 4 * mebibyte });
    let found = 0;
    for (let turn = 0; turn < 4_000; turn++) {
      const first = 1 + random.below(300);
      const range = { first, last: first + random.below(250), bytes: 20 + random.below(60) };
      add(cache, `s${random.below(400)}`, range);
      const stream = `s${random.below(400)}`;
      const version = 1 + random.below(500);
      const kept = cache.find(parseStreamId(stream), version);
      if (kept === undefined) continue;
      found++;
      assert.ok(kept.firstVersion <= version && version <= lastVersion(kept));
      for (const each of [kept.firstVersion, version, lastVersion(kept)]) {
        assert.ok(textOf(kept, each).startsWith(`${stream} ${each} `));
      }
      assert.ok(cache.bytes <= 4 * mebibyte);
    }
    assert.ok(found > 500, `${found} found`);
    assert.equal(cache.bytes, 4 * mebibyte);
  });

  it('are some of many that are read in turn, though there is no room for all', () => {
    const cache = new LineCache({ bytesMax: 2 * mebibyte });
    const streams = Array.from({ length: 400 }, (_, index) => `s${index}`);
    let found = 0;
    const rounds = 50;
    for (let round = 0; round < rounds; round++) {
      for (const stream of streams) {
        if (cache.find(parseStreamId(stream), 1) !== undefined) found++;
        else add(cache, stream, { first: 1, last: 10, bytes: 1_000 });
      }
    }
    const part = found / (rounds * streams.length);
    assert.ok(part > 0.3, `${part} of the reads find their lines where half of them have room`);
  });

  it('are not kept where they are too long, or nothing is to be kept', () => {
    const cache = new LineCache({ bytesMax: mebibyte });
    add(cache, 'long', { first: 1, last: 1, bytes: mebibyte / 2 });
    assert.equal(cache.find(parseStreamId('long'), 1), undefined);
    const none = new LineCache({ bytesMax: 0 });
    for (let turn = 0; turn < 20; turn++) add(none, 'a', { first: 1, last: 9, bytes: 100 });
    assert.deepEqual([none.find(parseStreamId('a'), 1), none.bytes], [undefined, 0]);
  });
});
