/** A line in place of one that was given up: every byte of its own is covered, too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { noSalt, readTrailer, trailerBytes } from '../../src/format/checksum.ts';
import { decodeLostLine, encodeLostLine, isLostLine, readLostLine } from '../../src/format/lost-line.ts';
import { arbitraryFields, lineOf } from '../support/arbitrary-lines.ts';

const lost = { position: 1043, streamId: 'account-1', version: 4, checksum: 0x77aa01bc };
const salt = 0x5a17ed;

test('it comes back, and keeps the digits of what was lost', () => {
  fc.assert(
    fc.property(arbitraryFields, fc.integer({ min: 0, max: 0xffffffff }), (fields, checksum) => {
      const { position, streamId, version } = fields;
      const event = { position, streamId, version, checksum };
      const line = encodeLostLine(event, salt);
      assert.ok(isLostLine(line));
      assert.deepEqual(decodeLostLine(line, salt), event);
      assert.deepEqual(readLostLine(line), event);
      assert.equal(readTrailer(line, line.length - trailerBytes), checksum);
      assert.deepEqual(JSON.parse(line.toString('utf8')).lost.streamId, streamId);
    }),
  );
});

test('one of another segment, or of another store, is none', () => {
  const line = encodeLostLine(lost, salt);
  for (const other of [noSalt, salt + 1, salt << 8]) assert.equal(decodeLostLine(line, other), undefined);
});

test('an event is none, whatever it holds', () => {
  fc.assert(fc.property(arbitraryFields, (fields) => decodeLostLine(lineOf(fields), salt) === undefined));
});

test('a flipped bit shows, but in the digits of what was lost, which the next line shows', () => {
  const line = encodeLostLine(lost, salt);
  for (let bit = 0; bit < line.length * 8; bit++) {
    const damaged = Buffer.from(line);
    damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
    const digits = readTrailer(damaged, damaged.length - trailerBytes);
    const isInDigits = digits !== undefined && digits !== lost.checksum;
    assert.equal(decodeLostLine(damaged, salt) !== undefined, isInDigits, `bit ${bit}`);
  }
});

test('what is no such line is none', () => {
  for (const text of ['', '{"lost":', '{"lost":null,"crc32":"00000000"}\n', '{"lost":{},"crc32":"00000000"}\n']) {
    assert.equal(decodeLostLine(Buffer.from(text), salt), undefined, text);
  }
});
