/**
 * The lines of `consumers.ndjson`, under the running checksum of checksum.ts. The header says how
 * many records were written with it as one; behind them comes whatever changed since, the last
 * line of a name being the one that counts:
 *
 *     {"format":1,"consumersOf":"0193…","revision":41,"records":1,"crc32":"…"}
 *     {"name":"mailer","revision":40,"state":{…},"synced":0,"crc32":"…"}
 *     {"name":"mailer","revision":42,"state":null,"synced":312,"crc32":"…"}       removed
 *     {"synced":398,"own":"0a91b2c3","crc32":"…"}                                 a mark
 *
 * `synced` is the offset up to which the file was known durable when the line was written. `own` is
 * the CRC-32 of a mark before these digits, so that a mark is found also behind what is damaged.
 */
import { escapeLineBreaks } from '@event-store/core';
import {
  checksumAfterLine,
  continueChecksum,
  formatChecksum,
  noSalt,
  trailerBytes,
  verifyLines,
  writeTrailer,
} from './checksum.ts';

export const consumersFileName = 'consumers.ndjson';

/** The version of this file's format. Every release reads every earlier one. */
export const consumersFormat = 1;

export interface ConsumersHeader {
  readonly format: number;
  readonly consumersOf: string;
  /** The highest revision that was given before the file was written. */
  readonly revision: number;
  readonly records: number;
}

export interface ConsumerEntry {
  readonly name: string;
  readonly revision: number;
  /** A JSON object; `undefined` where the record was removed. */
  readonly state: string | undefined;
}

/** What a line behind the header says. */
export interface ConsumerLine {
  /** Absent in a mark. */
  readonly entry: ConsumerEntry | undefined;
  readonly synced: number;
}

/** Puts lines behind each other, each with its checksum. */
export class ConsumerLines {
  readonly #lines: Buffer[] = [];
  #seed: number;

  /** `seed` is the state in which the first line starts: 0 at the beginning of a file. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  header(header: ConsumersHeader): this {
    return this.#add(JSON.stringify(header));
  }

  entry({ name, revision, state = 'null' }: ConsumerEntry, synced: number): this {
    const head = `{"name":${JSON.stringify(name)},"revision":${revision}`;
    return this.#add(`${head},"state":${escapeLineBreaks(state)},"synced":${synced}}`);
  }

  mark(synced: number): this {
    const open = `{"synced":${synced},"own":"`;
    return this.#add(`${open}${ownDigits(open)}"}`);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#lines);
  }

  /** The state in which the next line starts. */
  get seed(): number {
    return this.#seed;
  }

  #add(json: string): this {
    const open = Buffer.from(`${json.slice(0, -1)},"crc32":"`, 'utf8');
    const checksum = continueChecksum(this.#seed, open);
    const line = Buffer.concat([open, Buffer.alloc(trailerBytes)]);
    writeTrailer(line, open.length, checksum);
    this.#lines.push(line);
    this.#seed = checksumAfterLine(checksum, noSalt);
    return this;
  }
}

/** The state behind a line that starts in state `seed`; `undefined` when the line is not as it was written. */
export function seedAfter(line: Buffer, seed: number): number | undefined {
  const checksum = verifyLines(line, seed, noSalt);
  return checksum === undefined ? undefined : checksumAfterLine(checksum, noSalt);
}

/** Reads the header of a line that checks out; `undefined` when it is something else. */
export function decodeConsumersHeader(line: Buffer): ConsumersHeader | undefined {
  const { format, consumersOf, revision, records } = JSON.parse(line.toString('utf8')) as Partial<ConsumersHeader>;
  if (format === undefined || consumersOf === undefined || revision === undefined || records === undefined) {
    return undefined;
  }
  return { format, consumersOf, revision, records };
}

/** Reads a line behind the header that checks out. */
export function decodeConsumerLine(line: Buffer): ConsumerLine {
  const { name, revision, state, synced } = JSON.parse(line.toString('utf8')) as {
    readonly name?: string;
    readonly revision: number;
    readonly state: object | null;
    readonly synced: number;
  };
  if (name === undefined) return { entry: undefined, synced };
  return { entry: { name, revision, state: state === null ? undefined : JSON.stringify(state) }, synced };
}

const markPattern = /(\{"synced":([0-9]{1,15}),"own":")([0-9a-f]{8})"/g;

/** What the marks in some bytes say, whatever else is in them; states hold no such text. */
export function marksIn(bytes: Buffer): readonly number[] {
  const marks = [...bytes.toString('latin1').matchAll(markPattern)];
  return marks.filter(([, open = '', , digits]) => ownDigits(open) === digits).map(([, , synced]) => Number(synced));
}

function ownDigits(open: string): string {
  return formatChecksum(continueChecksum(0, Buffer.from(open, 'latin1')));
}
