/** The scanner of lines against JSON.parse: the same fields, whatever stands in the others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { positionOfLine, scanLine } from '../../src/format/log-line.ts';
import { encodeLostLine } from '../../src/format/lost-line.ts';
import { arbitraryFields, lineOf } from '../support/arbitrary-lines.ts';

test('a scanned line has the fields that JSON.parse finds', () => {
  fc.assert(
    fc.property(arbitraryFields, (fields) => {
      const line = lineOf(fields);
      const parsed = JSON.parse(line.toString('utf8'));
      assert.deepEqual(scanLine(line, 0, line.length), {
        streamId: parsed.streamId,
        version: parsed.version,
        type: parsed.type,
        id: parsed.id,
        position: parsed.position,
        commit: parsed.commit ?? parsed.position,
        synced: parsed.synced,
        lost: false,
      });
      assert.equal(parsed.streamId, fields.streamId);
      assert.equal(parsed.position, fields.position);
      assert.equal(positionOfLine(line, 0, line.length), fields.position);
    }),
    { numRuns: 500 },
  );
});

test('a line is scanned where it stands, among others', () => {
  fc.assert(
    fc.property(arbitraryFields, arbitraryFields, arbitraryFields, (before, fields, after) => {
      const [first, line, last] = [lineOf(before), lineOf(fields), lineOf(after)];
      const lines = Buffer.concat([first, line, last]);
      const [start, end] = [first.length, first.length + line.length];
      assert.deepEqual(scanLine(lines, start, end), scanLine(line, 0, line.length));
      assert.equal(positionOfLine(lines, start, end), fields.position);
    }),
  );
});

test('no line holds a line break, of any standard', () => {
  fc.assert(
    fc.property(arbitraryFields, (fields) => {
      const line = lineOf(fields).toString('utf8');
      assert.equal(line.search(/[\n\v\f\r\u0085\u2028\u2029]/), line.length - 1);
    }),
  );
});

test('a lost line has its numbers, and no type', () => {
  const line = encodeLostLine({ position: 7, streamId: 'a"\u2028', version: 3, checksum: 0x12345678 }, 9);
  assert.deepEqual(scanLine(line, 0, line.length), {
    streamId: 'a"\u2028',
    version: 3,
    type: undefined,
    id: undefined,
    position: 7,
    commit: 7,
    synced: undefined,
    lost: true,
  });
  assert.equal(positionOfLine(line, 0, line.length), 7);
});

test('what is no line is none', () => {
  const fields = {
    streamId: 'a',
    version: 1,
    event: { type: 'T', data: '', id: undefined, metadata: undefined },
    time: '',
    position: 1,
    commit: 1,
    synced: undefined,
  };
  const line = lineOf(fields).toString('utf8');
  for (const text of [
    '',
    '\n',
    '{}\n',
    'null\n',
    '{"segment":{}}\n',
    '{"streamId":"a"}\n',
    line.replace('"version":1', '"version":x'),
    line.replace('"version":1,', ''),
    line.replace('"type":"T"', '"type":7'),
    line.replace('"data":""', '"data":null'),
    line.replace(',"position":1', ''),
    line.replace('crc32', 'crc64'),
    line.replace('"a"', '"\\x"'),
    line.replace('"a"', '"a'),
  ]) {
    const bytes = Buffer.from(text);
    assert.equal(scanLine(bytes, 0, bytes.length), undefined, text);
  }
});
