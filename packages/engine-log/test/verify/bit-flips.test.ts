/** The verifier finds every changed bit, says where, and finds nothing where nothing is wrong. */
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { parseLine } from '../../../../simulation/engine-log/history.ts';
import { flipBit, headPath, smallStore, withFile } from '../../../../simulation/engine-log/small-store.ts';
import { effort } from '../support/effort.ts';
import { verifyImage } from './verify-small-store.ts';

const bitsPerByte = Math.min(8, effort);

describe('a store that was stopped in good order', async () => {
  const store = await smallStore();

  it('is intact', async () => {
    const { findings, ...report } = await verifyImage(store.image);
    assert.deepEqual(findings, []);
    assert.deepEqual(
      [report.isIntact, report.events, report.streams, report.lastPosition],
      [true, store.lines.length, new Set(store.lines.map((line) => parseLine(line).streamId)).size, store.lines.length],
    );
  });

  for (const path of store.segments) {
    it(`has a bit flipped in ${basename(path)}`, async () => {
      const content = store.image.get(path) as Buffer;
      const headerBytes = content.indexOf('\n') + 1;
      for (let at = 0; at < content.length; at++) {
        for (let i = 0; i < bitsPerByte; i++) {
          const bit = at * 8 + ((at + i) % 8);
          const report = await verifyImage(withFile(store.image, path, (bytes) => flipBit(bytes, bit)));
          const found = report.findings.find(
            ({ file, offset = 0, bytes = 0 }) =>
              path.endsWith(file) && offset <= at && (at < headerBytes || at < offset + bytes),
          );
          const place = `byte ${at}, bit ${bit % 8}: ${JSON.stringify(report.findings)}`;
          assert.ok(!report.isIntact && found?.severity === 'damage', place);
          assert.ok(report.damagedEvents <= 1, place);
          assert.equal(report.events + report.damagedEvents, store.lines.length, place);
        }
      }
    });
  }

  it('has a bit flipped in head: nothing in the log is the worse for it', async () => {
    const content = store.image.get(headPath) as Buffer;
    for (let at = 0; at < content.indexOf('\n'); at++) {
      const report = await verifyImage(withFile(store.image, headPath, (bytes) => flipBit(bytes, at * 8 + (at % 8))));
      assert.equal(report.isIntact, true);
      assert.deepEqual(
        report.findings.map(({ kind }) => kind),
        ['head'],
      );
    }
  });
});

describe('a store that was killed', async () => {
  const killed = await smallStore({ isClean: false });

  it('is intact', async () => {
    const { isIntact, findings } = await verifyImage(killed.image);
    assert.deepEqual({ isIntact, findings }, { isIntact: true, findings: [] });
  });
});
