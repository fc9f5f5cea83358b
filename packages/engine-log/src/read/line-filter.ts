/**
 * A filter of the feed as bytes: finds the lines that pass without parsing any. Strings stand in
 * lines as `jsonString` prints them, and no quote stands in them bare, so the first `,"type":` of a
 * line is the event's type, whatever its stream is called.
 */
import { type FeedFilter, jsonString, streamPassesFilter } from '@event-store/core';
import { scanLine } from '../format/log-line.ts';
import { lineEnd } from '../segment/check-lines.ts';

const streamField = '{"streamId":';
const typeField = Buffer.from(',"type":', 'latin1');
const lineFeed = 0x0a;

/** Looking for more than so many types at once costs more than looking at each line. */
const soughtTypesMax = 8;

export class LineFilter {
  readonly #filter: FeedFilter;
  /** How every line begins that passes. */
  readonly #start: Buffer;
  /** One of these stands in every line that passes, if there are any. */
  readonly #types: readonly Buffer[];

  constructor(filter: FeedFilter) {
    this.#filter = filter;
    const { streamPrefix = '', types = new Set<string>() } = filter;
    // Half of a surrogate pair is printed otherwise than the whole.
    const prefix = streamPrefix.isWellFormed() ? jsonString(streamPrefix).slice(0, -1) : '"';
    this.#start = Buffer.from(streamField + prefix);
    this.#types = [...types].map((type) => Buffer.from(`${typeField}${jsonString(type)},"data":`));
  }

  /** The lines that pass, in their order, as where they start and end. */
  *matches(lines: Buffer): Generator<{ readonly start: number; readonly end: number }> {
    const sought = this.#sought();
    const next = sought.map((needle) => indexOf(lines, needle, 0));
    for (let from = 0; from < lines.length; ) {
      for (const [index, needle] of sought.entries()) {
        if ((next[index] as number) < from) next[index] = indexOf(lines, needle, from);
      }
      const hit = sought.length === 0 ? from : Math.min(...next);
      if (hit >= lines.length) return;
      const start = hit === from ? from : lines.lastIndexOf(lineFeed, hit) + 1;
      const end = lineEnd(lines, hit);
      if (this.#passes(lines, start, end)) yield { start, end };
      from = end;
    }
  }

  /** What to look for in a block; nothing where each line has to be looked at. */
  #sought(): readonly Buffer[] {
    const { types, streamPrefix = '' } = this.#filter;
    if (types !== undefined && types.size <= soughtTypesMax) return this.#types;
    return streamPrefix === '' ? [] : [this.#start];
  }

  #passes(lines: Buffer, start: number, end: number): boolean {
    const { types, streamPrefix = '', slots } = this.#filter;
    if (!standsAt(lines, this.#start, start)) return false;
    if (types !== undefined) {
      const at = lines.indexOf(typeField, start);
      if (!this.#types.some((type) => standsAt(lines, type, at))) return false;
    }
    if (slots === undefined && streamPrefix.isWellFormed()) return true;
    const line = scanLine(lines, start, end);
    return line !== undefined && streamPassesFilter(line.streamId, this.#filter);
  }
}

/** Behind everything where there is none. */
function indexOf(lines: Buffer, needle: Buffer, from: number): number {
  const at = lines.indexOf(needle, from);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}

function standsAt(lines: Buffer, bytes: Buffer, at: number): boolean {
  return at + bytes.length <= lines.length && bytes.compare(lines, at, at + bytes.length) === 0;
}
