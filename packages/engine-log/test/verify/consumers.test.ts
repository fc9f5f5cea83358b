/** The file of consumers: every changed bit and every cut is found, and told from a torn tail. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flipBit, smallStore } from '../../../../simulation/engine-log/small-store.ts';
import type { DiskImage } from '../../../../simulation/file-system/simulated-directory.ts';
import { scanConsumers } from '../../src/consumers/scan-consumers.ts';
import { ConsumerLines, consumersFileName } from '../../src/format/consumer-line.ts';
import { checkConsumers } from '../../src/verify/check-consumers.ts';
import { repairImage } from '../repair/repair-image.ts';
import { verifyImage } from './verify-small-store.ts';

const store = await smallStore();
const path = `data/${consumersFileName}`;
const storeId = 'store-of-the-simulation';
const header = { format: 1, consumersOf: storeId, revision: 41, records: 1 };

function written(): { readonly content: Buffer; readonly lastAt: number } {
  const lines = new ConsumerLines(0).header(header).entry({ name: 'mailer', revision: 40, state: '{"position":1}' }, 0);
  const durable = lines.bytes.length;
  lines.entry({ name: 'mailer', revision: 42, state: undefined }, durable).mark(lines.bytes.length);
  const lastAt = lines.bytes.length;
  lines.entry({ name: 'other', revision: 43, state: '{}' }, lastAt);
  return { content: lines.bytes, lastAt };
}

function withConsumers(content: Buffer): DiskImage {
  return new Map(store.image).set(path, content);
}

async function kindsOf(image: DiskImage): Promise<readonly string[]> {
  return (await verifyImage(image)).findings.map(({ kind }) => kind);
}

test('it is intact; a flipped bit is damage, or a torn tail in its last line', async () => {
  const { content, lastAt } = written();
  assert.deepEqual(await kindsOf(withConsumers(content)), []);
  for (let at = 0; at < content.length; at++) {
    const kinds = await kindsOf(withConsumers(flipBit(Buffer.from(content), at * 8 + (at % 8))));
    // The mark in front of the last line vouches for what is in front of the mark.
    const isDurable = at < content.lastIndexOf('\n', lastAt - 2);
    assert.equal(kinds.length, 1, `byte ${at}: ${kinds}`);
    assert.ok(isDurable ? kinds[0] === 'consumers' : true, `byte ${at}: ${kinds}`);
    if (at >= lastAt) assert.deepEqual(kinds, ['torn-tail'], `byte ${at}`);
  }
});

test('the check calls damaged what the store does not open, and nothing else', () => {
  const { content, lastAt } = written();
  const isDamaged = (file: Buffer) => checkConsumers(file, storeId).some(({ severity }) => severity === 'damage');
  for (const whole of [content, content.subarray(0, lastAt)]) {
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const flipped = flipBit(Buffer.from(whole), bit);
      assert.equal(isDamaged(flipped), 'text' in scanConsumers(flipped, storeId), `bit ${bit}`);
    }
    for (let end = 0; end < whole.length; end++) {
      const cut = whole.subarray(0, end);
      assert.equal(isDamaged(cut), 'text' in scanConsumers(cut, storeId), `cut at ${end}`);
    }
  }
});

test('a line that contradicts those before it, or is of another store', async () => {
  const wrong = [
    new ConsumerLines(0).header({ ...header, consumersOf: 'another' }),
    new ConsumerLines(0).header({ ...header, records: 2 }),
    new ConsumerLines(0).header({ ...header, records: 0 }).entry({ name: 'a', revision: 41, state: '{}' }, 0),
    new ConsumerLines(0).header({ ...header, records: 0 }).entry({ name: 'a', revision: 42, state: '{}' }, 9_999),
  ];
  for (const { bytes } of wrong) assert.deepEqual(new Set(await kindsOf(withConsumers(bytes))), new Set(['consumers']));
});

test('a repair puts it away, and leaves the log as it is', async () => {
  const { content } = written();
  const damaged = flipBit(Buffer.from(content), 800);
  const { outcome, planned, fileSystem } = await repairImage(withConsumers(damaged));
  assert.deepEqual([outcome, planned?.losesConsumers, planned?.events], ['repaired', true, []]);
  const image = fileSystem.image();
  assert.deepEqual(image.get('data/repaired/consumers.damaged'), damaged);
  assert.equal(image.has(path), false);
  for (const segment of store.segments) assert.deepEqual(image.get(segment), store.image.get(segment));
  assert.equal((await verifyImage(image)).isIntact, true);
});
