/** The running checksum: one call checks any run of lines, and any change shows. Shows P-03. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import {
  checksumAfterLine,
  continueChecksum,
  formatChecksum,
  noSalt,
  readTrailer,
  salted,
  trailerBytes,
  verifyLines,
  writeTrailer,
} from '../../src/format/checksum.ts';

const anyChecksum = fc.integer({ min: 0, max: 0xffffffff });

/** Lines with a trailer each, from a seed; the seed is the state, not digits. */
function linesFrom(seed: number, bodies: readonly Uint8Array[], salt = noSalt): Buffer[] {
  let state = seed;
  return bodies.map((body) => {
    const line = Buffer.concat([body, Buffer.alloc(trailerBytes)]);
    const digits = salted(continueChecksum(state, body), salt);
    writeTrailer(line, body.length, digits);
    state = checksumAfterLine(digits, salt);
    return line;
  });
}

const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 6 });

test('digits come back as they were written, and are text', () => {
  fc.assert(
    fc.property(anyChecksum, (checksum) => {
      const trailer = Buffer.alloc(trailerBytes);
      assert.equal(writeTrailer(trailer, 0, checksum), trailerBytes);
      assert.equal(readTrailer(trailer, 0), checksum);
      assert.equal(trailer.toString('latin1'), `${formatChecksum(checksum)}"}\n`);
    }),
  );
});

test('what is no trailer is none', () => {
  for (const text of ['', '0000000"}\n', '0000000G"}\n', '0000000A"}\n', '00000000"}', '00000000"} ', "00000000'}\n"]) {
    assert.equal(readTrailer(Buffer.from(text), 0), undefined, text);
  }
  assert.equal(readTrailer(Buffer.from('00000000"}\n'), -1), undefined);
  assert.equal(readTrailer(Buffer.from('00000000"}\n'), 1), undefined);
});

test('a run of lines is checked by one call, from any line on', () => {
  fc.assert(
    fc.property(anyChecksum, anyChecksum, bodies, fc.nat(), (seed, salt, parts, pick) => {
      const lines = linesFrom(seed, parts, salt);
      const last = readTrailer(lines.at(-1) as Buffer, (parts.at(-1) as Uint8Array).length);
      assert.equal(verifyLines(Buffer.concat(lines), seed, salt), last);
      const from = pick % lines.length;
      const before = lines[from - 1];
      const digits = before && (readTrailer(before, before.length - trailerBytes) as number);
      const state = digits === undefined ? seed : checksumAfterLine(digits, salt);
      assert.equal(verifyLines(Buffer.concat(lines.slice(from)), state, salt), last);
    }),
  );
});

test('the digits are the CRC-32 of all bytes before them, XOR the salt', () => {
  for (const salt of [noSalt, 0xdeadbeef]) {
    const [first, second] = linesFrom(0, [Buffer.from('first'), Buffer.from('second')], salt) as [Buffer, Buffer];
    const before = Buffer.concat([first, Buffer.from('second')]);
    assert.equal(second.toString('latin1', 6, 14), formatChecksum((crc32(before) ^ salt) >>> 0));
  }
});

test('no line of another salt follows from the one before it, however many there are', () => {
  fc.assert(
    fc.property(anyChecksum, anyChecksum, bodies, fc.nat(), (salt, other, parts, pick) => {
      fc.pre(salt !== other && parts.length > 1);
      const lines = linesFrom(0, parts, other);
      const from = 1 + (pick % (lines.length - 1));
      const before = lines[from - 1] as Buffer;
      const state = checksumAfterLine(readTrailer(before, before.length - trailerBytes) as number, salt);
      for (let end = from + 1; end <= lines.length; end++)
        assert.equal(verifyLines(Buffer.concat(lines.slice(from, end)), state, salt), undefined);
    }),
  );
});

test('any burst of up to 32 changed bits shows', () => {
  fc.assert(
    fc.property(bodies, fc.nat(), fc.integer({ min: 1, max: 0xffffffff }), (parts, place, burst) => {
      const run = Buffer.concat(linesFrom(0, parts));
      const bits = BigInt(`0x${run.toString('hex')}`);
      const shift = BigInt(place % (run.length * 8));
      const changed = (bits ^ (BigInt(burst) << shift)) & ((1n << BigInt(run.length * 8)) - 1n);
      fc.pre(changed !== bits);
      const damaged = Buffer.from(changed.toString(16).padStart(run.length * 2, '0'), 'hex');
      assert.equal(verifyLines(damaged, 0, noSalt), undefined);
    }),
  );
});
