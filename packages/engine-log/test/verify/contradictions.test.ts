/** Lines that are intact and cannot all be true: each rule of the log has a store that breaks it, and nothing else. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DiskImage } from '../../../../simulation/file-system/simulated-directory.ts';
import { checksumAfterLine, continueChecksum, salted, trailerBytes, writeTrailer } from '../../src/format/checksum.ts';
import { openLogLine } from '../../src/format/log-line.ts';
import { encodeSegmentHeader } from '../../src/format/segment-header.ts';
import { segmentSalt } from '../../src/format/segment-salt.ts';
import { encodeStoreFile, formatVersion } from '../../src/format/store-file.ts';
import { repairImage } from '../repair/repair-image.ts';
import { verifyImage } from './verify-small-store.ts';

const crafted = { format: formatVersion, storeId: 'crafted' };

interface Craft {
  readonly streamId?: string;
  readonly version?: number;
  readonly position?: number;
  readonly commit?: number;
  readonly synced?: number;
  readonly id?: string;
  readonly time?: string;
}

/** A store of one segment with these lines; what is not given is as it should be for one stream of single appends. */
function craft(lines: readonly Craft[]): DiskImage {
  const header = encodeSegmentHeader({ ...crafted, firstPosition: 1, previousChecksum: 0 });
  const salt = segmentSalt(crafted, 1);
  const parts = [header.bytes];
  let checksum = header.checksum;
  for (const [index, line] of lines.entries()) {
    const {
      streamId = 's',
      version = index + 1,
      position = index + 1,
      commit = position,
      time = '2026-11-23T11:40:00.000Z',
    } = line;
    const event = { type: 'T', data: '', metadata: undefined, id: line.id };
    const text = Buffer.from(openLogLine({ streamId, version, event, time, position, commit, synced: line.synced }));
    checksum = salted(continueChecksum(checksumAfterLine(checksum, salt), text), salt);
    const trailer = Buffer.alloc(trailerBytes);
    writeTrailer(trailer, 0, checksum);
    parts.push(text, trailer);
  }
  return new Map<string, Buffer | undefined>([
    ['data', undefined],
    ['data/log', undefined],
    ['data/log/00000000000000000001.ndjson', Buffer.concat(parts)],
    ['data/store.json', encodeStoreFile({ ...crafted, created: '2026-11-23T11:40:00.123Z' })],
  ]);
}

const good: readonly Craft[] = [{ synced: 0 }, { synced: 1, commit: 3 }, {}, { synced: 3 }];

/** The good store with one line changed. */
function changed(index: number, change: Craft): readonly Craft[] {
  return good.map((line, at) => (at === index ? { ...line, ...change } : line));
}

const cases: readonly (readonly [name: string, lines: readonly Craft[]])[] = [
  ['a version twice', changed(3, { version: 3 })],
  ['a version left out', changed(3, { version: 5 })],
  ['a position left out', changed(3, { position: 5 })],
  ['a position twice', changed(3, { position: 3 })],
  ['an append that ends elsewhere', changed(2, { commit: 4 })],
  ['an append that ends before it begins', changed(1, { commit: 1 })],
  ['a group that begins inside of an append', changed(2, { synced: 2 })],
  ['a synced that is ahead', changed(3, { synced: 4 })],
  ['a time before an earlier one', changed(3, { time: '2026-11-23T11:39:59.999Z' })],
  ['a client id twice', [{ id: 'a' }, { id: 'b' }, { id: 'a' }, { id: 'c' }]],
];

describe('a log with right checksums', () => {
  it('and nothing else wrong', async () => {
    const { isIntact, findings, events } = await verifyImage(craft(good));
    assert.deepEqual([isIntact, findings.map(({ kind }) => kind), events], [true, ['head'], 4]);
    assert.equal((await verifyImage(craft([{ id: 'a' }, { id: 'a', streamId: 'other', version: 1 }]))).isIntact, true);
  });

  for (const [name, lines] of cases) {
    it(name, async () => {
      const { isIntact, findings } = await verifyImage(craft(lines));
      const damage = findings.filter(({ severity }) => severity === 'damage');
      assert.ok(
        !isIntact && damage.length > 0 && damage.every(({ kind }) => kind === 'inconsistent'),
        JSON.stringify(findings),
      );
      await assert.rejects(repairImage(craft(lines)), { kind: 'foreign-data' }, 'no repair can put that right');
    });
  }

  it('client ids twice, where memory holds one at a time', async () => {
    const ids = ['a', 'b', 'c', 'a', 'c', 'b', 'd'];
    const { findings } = await verifyImage(craft(ids.map((id) => ({ id }))), { idsMax: 1 });
    assert.deepEqual(
      findings.filter(({ kind }) => kind === 'inconsistent').map(({ position }) => position),
      [4, 6, 5],
    );
  });

  it('and half an append at its end: a torn tail', async () => {
    const { isIntact, findings, events } = await verifyImage(craft([...good, { synced: 4, commit: 6 }]));
    assert.deepEqual([isIntact, findings.map(({ kind }) => kind), events], [true, ['head', 'torn-tail'], 4]);
  });
});
