/** Lines of the log as they may be: any text that passes the parsers, and metadata that imitates the engine's own fields. */
import { jsonString } from '@event-store/core';
import fc from 'fast-check';
import { continueChecksum, trailerBytes, writeTrailer } from '../../src/format/checksum.ts';
import { type LogLineFields, openLogLine } from '../../src/format/log-line.ts';

const characters = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }) },
  fc.constantFrom(
    '"',
    '\\',
    '\\"',
    '\u2028',
    '\u0085',
    '","position":9',
    '{"lost":',
    ',"crc32":"00000000"}',
    'é',
    '😀',
  ),
);

const text = fc
  .array(characters, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''))
  .filter((each) => each.isWellFormed());

const metadata = fc
  .dictionary(text, fc.oneof(text, fc.integer(), fc.constant(null), fc.array(text, { maxLength: 2 })), { maxKeys: 3 })
  .map((value) => jsonOf(value));

const number = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER - 2_000 });

export const arbitraryFields: fc.Arbitrary<LogLineFields> = fc
  .record({
    streamId: text,
    version: number,
    event: fc.record({
      type: text,
      data: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64')),
      id: fc.option(fc.stringMatching(/^[A-Za-z0-9_.:-]{1,20}$/), { nil: undefined }),
      metadata: fc.option(metadata, { nil: undefined }),
    }),
    time: fc.constant('2026-11-23T11:40:00.123Z'),
    position: number,
    ahead: fc.constantFrom(0, 1, 999),
    synced: fc.option(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), { nil: undefined }),
  })
  .map(({ ahead, ...fields }) => ({ ...fields, commit: fields.position + ahead }));

/** A whole line, with digits that go on from `checksum`. */
export function lineOf(fields: LogLineFields, checksum = 0): Buffer {
  const start = Buffer.from(openLogLine(fields), 'utf8');
  const line = Buffer.concat([start, Buffer.alloc(trailerBytes)]);
  writeTrailer(line, start.length, continueChecksum(checksum, start));
  return line;
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value).replace(/[\u0085\u2028\u2029]/g, (unit) => jsonString(unit).slice(1, -1));
}
