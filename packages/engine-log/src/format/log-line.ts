/**
 * One line of a segment that stands for an event: the line that readers are sent (core's
 * event-line.ts) with the engine's own fields behind it.
 *
 *     {"streamId":"account-1","version":3,"type":"AmountDeposited","data":"…","id":"…","time":"…",
 *      "metadata":{…},"position":1042,"commit":1044,"synced":1041,"crc32":"9f3a01bc"}
 *
 * `commit` is the position of the last event of the same append, left out on that event itself;
 * `synced` stands on the first line of a group and is the last position durable before it. Where
 * a line was given up in a repair, a lost line (lost-line.ts) stands for it.
 */
import { type EventLineFields, openEventLine } from '@event-store/core';
import { trailerBytes } from './checksum.ts';
import { readLostLine } from './lost-line.ts';

/** No line is longer: the largest event with all its fields, and room to spare. */
export const lineBytesMax = 512 * 1024;

export interface LogLineFields extends EventLineFields {
  readonly position: number;
  readonly commit: number;
  readonly synced: number | undefined;
}

/** The line up to its checksum digits. */
export function openLogLine(fields: LogLineFields): string {
  let line = openEventLine(fields);
  if (fields.commit !== fields.position) line += `,"commit":${fields.commit}`;
  if (fields.synced !== undefined) line += `,"synced":${fields.synced}`;
  return `${line},"crc32":"`;
}

/** What the engine itself needs to know of a line. */
export interface ScannedLine {
  readonly streamId: string;
  readonly version: number;
  /** Absent on a lost line. */
  readonly type: string | undefined;
  readonly id: string | undefined;
  readonly position: number;
  readonly commit: number;
  readonly synced: number | undefined;
  readonly lost: boolean;
}

/**
 * Reads those fields without parsing the rest; the line is `source` from `start` to `end`, which
 * is behind its line feed.
 *
 * @returns `undefined` when it is not such a line.
 */
export function scanLine(source: Buffer, start: number, end: number): ScannedLine | undefined {
  const scanner = new LineScanner(source, start);
  if (!scanner.skip('{"streamId":')) return scanLostLine(source, start, end);
  const streamId = scanner.string();
  const version = scanner.skip(',"version":') ? scanner.number() : undefined;
  const type = scanner.skip(',"type":') ? scanner.string() : undefined;
  const data = scanner.skip(',"data":') ? scanner.skipString() : false;
  if (streamId === undefined || version === undefined || type === undefined || !data) return undefined;
  const id = scanner.skip(',"id":') ? scanner.string() : undefined;
  const tail = scanTail(source, scanner.at, end);
  return tail && { streamId, version, type, id, ...tail, lost: false };
}

/** The position alone, from the end of a line that is known to be intact. */
export function positionOfLine(source: Buffer, start: number, end: number): number | undefined {
  return scanTail(source, start, end)?.position ?? scanLostLine(source, start, end)?.position;
}

interface LineTail {
  readonly position: number;
  readonly commit: number;
  readonly synced: number | undefined;
}

/** The numbers behind the metadata, read backwards from `,"crc32":"`. */
function scanTail(source: Buffer, start: number, end: number): LineTail | undefined {
  let at = end - trailerBytes - crcField.length;
  if (at < start || source.compare(crcField, 0, crcField.length, at, at + crcField.length) !== 0) return undefined;
  const values: Partial<Record<'position' | 'commit' | 'synced', number>> = {};
  for (const name of ['synced', 'commit', 'position'] as const) {
    const field = numberBefore(source, at, name);
    if (field === undefined) continue;
    values[name] = field.value;
    at = field.start;
  }
  const { position, commit, synced } = values;
  return position === undefined ? undefined : { position, commit: commit ?? position, synced };
}

const crcField = Buffer.from(',"crc32":"', 'latin1');
const fieldNames = {
  position: Buffer.from(',"position":', 'latin1'),
  commit: Buffer.from(',"commit":', 'latin1'),
  synced: Buffer.from(',"synced":', 'latin1'),
};

/** The number of the field that ends at `end`, if it has this name. */
function numberBefore(
  source: Buffer,
  end: number,
  name: keyof typeof fieldNames,
): { value: number; start: number } | undefined {
  let at = end;
  let value = 0;
  for (let unit = 1; at > 0 && isDigit(source[at - 1]); unit *= 10) value += ((source[--at] as number) - 0x30) * unit;
  const field = fieldNames[name];
  const start = at - field.length;
  if (at === end || start < 0 || source.compare(field, 0, field.length, start, at) !== 0) return undefined;
  return { value, start };
}

function scanLostLine(source: Buffer, start: number, end: number): ScannedLine | undefined {
  const event = readLostLine(source.subarray(start, end));
  if (event === undefined) return undefined;
  const { position, streamId, version } = event;
  return {
    position,
    streamId,
    version,
    type: undefined,
    id: undefined,
    commit: position,
    synced: undefined,
    lost: true,
  };
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

const quote = 0x22;
const backslash = 0x5c;

/** Walks over the fixed layout of a line from its start. */
class LineScanner {
  readonly #source: Buffer;
  at: number;

  constructor(source: Buffer, at: number) {
    this.#source = source;
    this.at = at;
  }

  /** Steps over `text` if it stands here. */
  skip(text: string): boolean {
    for (let i = 0; i < text.length; i++) {
      if (this.#source[this.at + i] !== text.charCodeAt(i)) return false;
    }
    this.at += text.length;
    return true;
  }

  number(): number | undefined {
    const start = this.at;
    let value = 0;
    while (isDigit(this.#source[this.at])) value = value * 10 + (this.#source[this.at++] as number) - 0x30;
    return this.at === start ? undefined : value;
  }

  /** A JSON string; parsed as JSON only where it holds an escape. */
  string(): string | undefined {
    const start = this.at;
    if (this.#source[start] !== quote) return undefined;
    let escaped = false;
    let end = start + 1;
    while (end < this.#source.length && this.#source[end] !== quote) {
      if (this.#source[end] === backslash) {
        escaped = true;
        end++;
      }
      end++;
    }
    if (end >= this.#source.length) return undefined;
    this.at = end + 1;
    if (!escaped) return this.#source.toString('utf8', start + 1, end);
    try {
      return JSON.parse(this.#source.toString('utf8', start, end + 1)) as string;
    } catch {
      return undefined;
    }
  }

  /** A string without escapes, such as base64. */
  skipString(): boolean {
    if (this.#source[this.at] !== quote) return false;
    const end = this.#source.indexOf(quote, this.at + 1);
    if (end < 0) return false;
    this.at = end + 1;
    return true;
  }
}
