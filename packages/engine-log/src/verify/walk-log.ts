/**
 * Walks over all segments and gives, in the order of the log, every intact line and every loss:
 * the bytes that cannot be read, with the positions that must have stood there. Those follow from
 * the lines around them, the names of the segments, and what is known to have been durable.
 */
import type { FileHandle, FileSystem } from '../file-system.ts';
import type { StoreIdentity } from '../format/store-file.ts';
import { type SegmentFile, startOfLines } from './list-segments.ts';
import { digitsBefore } from './read-trailer.ts';
import { restoreDigits } from './restore-digits.ts';
import { type Gap, type IntactLine, scanSegment } from './scan-segment.ts';
import { readStoredLine, type StoredLine } from './stored-line.ts';

export interface WalkedLine {
  readonly kind: 'line';
  readonly segment: SegmentFile;
  readonly offset: number;
  readonly bytes: Buffer;
  readonly digits: number;
  /** `undefined` when it is not a line of the format, although its checksum is right. */
  readonly line: StoredLine | undefined;
}

/** Bytes that cannot be read, and whom they belonged to. */
export interface Loss {
  readonly kind: 'loss';
  /** `undefined` when there is no file for these positions. */
  readonly segment: SegmentFile | undefined;
  readonly offset: number;
  /** Behind the last byte of it; `offset` when lines are missing without a trace. */
  readonly end: number;
  readonly position: number;
  /** Below `position` when the bytes were no lines. */
  readonly lastPosition: number;
  /** The digits of the line before, and those that what follows goes on from, as far as they are known. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** Whether all of the file is not of this log. */
  readonly isForeign: boolean;
}

/** Lines that are whole once the digits of one of them are put right. */
export interface Restorable {
  readonly kind: 'restorable';
  readonly segment: SegmentFile;
  readonly offset: number;
  /** What must stand there. */
  readonly content: Buffer;
}

export interface SegmentEnd {
  readonly kind: 'end';
  readonly segment: SegmentFile;
  readonly offset: number;
  readonly position: number;
  /** The digits of its last line, and those that the next segment says it ends with. */
  readonly digits: number | undefined;
  readonly continued: number | undefined;
}

export type Walked = WalkedLine | Loss | Restorable | SegmentEnd;

export interface WalkOptions {
  readonly fileSystem: FileSystem;
  readonly store: StoreIdentity;
  readonly segments: readonly SegmentFile[];
  /** Where the log ends in the last segment, and what was durable. */
  readonly end: {
    readonly offset: number;
    readonly knownPosition: number;
    /** Those of the last line, if `head` tells. */
    readonly digits: number | undefined;
  };
}

/** Gaps up to this size are looked at as a whole. */
const gapBytesMax = 2 * 1024 * 1024;

export async function* walkLog({ fileSystem, store, segments, end }: WalkOptions): AsyncGenerator<readonly Walked[]> {
  const [first] = segments;
  const missing = (first?.firstPosition ?? end.knownPosition + 1) - 1;
  const tip: Tip = { position: missing, digits: missing > 0 ? first?.header?.previous : 0 };
  if (missing > 0) yield [{ ...emptyLoss(undefined), position: 1, lastPosition: missing, after: tip.digits }];
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    const walk = new SegmentWalk(segment, {
      tip,
      to: next === undefined && !segment.isForeign ? end.offset : segment.bytes,
      lastPosition: next === undefined ? end.knownPosition : next.firstPosition - 1,
      continued: next === undefined ? end.digits : next.isForeign ? undefined : next.header?.previous,
      start: startOfLines(segment, { store, previous: tip.digits }),
    });
    yield* walk.run(fileSystem);
  }
}

/** How far a walk has come. */
interface Tip {
  /** The last position that was seen, or that is known to be lost. */
  position: number;
  /** The digits of the last line; `undefined` when they are not known. */
  digits: number | undefined;
}

interface SegmentBounds {
  readonly tip: Tip;
  /** Where its lines start, and end. */
  readonly start: { readonly offset: number; readonly digits: number | undefined };
  readonly to: number;
  /** The position that its last line must have. */
  readonly lastPosition: number;
  /** The digits that its last line must have, as far as they are known. */
  readonly continued: number | undefined;
}

class SegmentWalk {
  readonly #segment: SegmentFile;
  readonly #bounds: SegmentBounds;
  readonly #tip: Tip;
  #offset: number;
  /** A loss whose last position shows with the next intact line. */
  #pending: Loss | undefined;

  constructor(segment: SegmentFile, bounds: SegmentBounds) {
    const { tip, start, to } = bounds;
    this.#segment = segment;
    this.#bounds = bounds;
    this.#tip = tip;
    tip.digits = start.digits;
    this.#offset = segment.isForeign ? to : Math.min(start.offset, to);
    if (segment.isForeign) this.#pending = this.#loss({ offset: 0, end: to });
  }

  async *run(fileSystem: FileSystem): AsyncGenerator<readonly Walked[]> {
    const file = await fileSystem.open(this.#segment.path, 'read');
    try {
      const { salt } = this.#segment;
      const range = { from: this.#offset, to: this.#bounds.to, before: this.#tip.digits, salt };
      for await (const pieces of scanSegment(file, range)) {
        const walked: Walked[] = [];
        for (const piece of pieces) {
          if (piece.kind === 'line') walked.push(...this.#line(piece));
          else walked.push(...(await this.#gap(file, piece)));
        }
        yield walked;
      }
    } finally {
      await file.close();
    }
    yield this.#end();
  }

  #line({ offset, bytes, digits }: IntactLine): Walked[] {
    const line = readStoredLine(bytes);
    const position = line?.position ?? this.#tip.position + 1;
    const before = this.#endLoss(position - 1);
    this.#tip.position = position;
    this.#tip.digits = digits;
    this.#offset = offset + bytes.length;
    return [...before, { kind: 'line', segment: this.#segment, offset, bytes, digits, line }];
  }

  async #gap(file: FileHandle, gap: Gap): Promise<Walked[]> {
    const { offset, end } = gap;
    const { to, continued } = this.#bounds;
    const after = end === to ? (continued ?? gap.after) : gap.after;
    const segment = this.#segment;
    const content = await restored(file, gap, { after, salt: segment.salt });
    const walked: Walked[] =
      content === undefined
        ? []
        : [
            { kind: 'restorable', segment, offset, content },
            ...linesIn(content, offset).flatMap((line) => this.#line(line)),
          ];
    if (content === undefined) this.#pending = this.#loss({ offset, end, before: gap.before, after });
    this.#tip.digits = after;
    this.#offset = end;
    return walked;
  }

  /** What is missing at the end of the segment, and its end. */
  #end(): Walked[] {
    const { lastPosition, continued } = this.#bounds;
    if (this.#pending === undefined && this.#tip.position < lastPosition) {
      this.#pending = this.#loss({
        offset: this.#offset,
        end: this.#offset,
        before: this.#tip.digits,
        after: continued,
      });
      this.#tip.digits = continued;
    }
    const { isForeign } = this.#segment;
    if (isForeign) this.#tip.digits = continued;
    const before = this.#endLoss(lastPosition);
    this.#tip.position = Math.max(this.#tip.position, lastPosition);
    const { position, digits } = this.#tip;
    return [...before, { kind: 'end', segment: this.#segment, offset: this.#offset, position, digits, continued }];
  }

  #loss(part: Partial<Loss>): Loss {
    return { ...emptyLoss(this.#segment), ...part, position: this.#tip.position + 1 };
  }

  #endLoss(lastPosition: number): Loss[] {
    const loss = this.#pending;
    this.#pending = undefined;
    return loss === undefined ? [] : [{ ...loss, lastPosition: Math.max(loss.position - 1, lastPosition) }];
  }
}

function emptyLoss(segment: SegmentFile | undefined): Loss {
  const isForeign = segment?.isForeign ?? false;
  return {
    kind: 'loss',
    segment,
    offset: 0,
    end: 0,
    position: 0,
    lastPosition: 0,
    before: undefined,
    after: undefined,
    isForeign,
  };
}

async function restored(
  file: FileHandle,
  { offset, end, before }: Gap,
  { after, salt }: { after: number | undefined; salt: number },
): Promise<Buffer | undefined> {
  if (before === undefined || after === undefined || end - offset > gapBytesMax) return undefined;
  const content = Buffer.alloc(end - offset);
  await file.read(content, offset);
  return restoreDigits(content, { before, after, salt });
}

/** Lines that are known to be whole. */
function linesIn(content: Buffer, offset: number): IntactLine[] {
  const lines: IntactLine[] = [];
  for (let start = 0; start < content.length; ) {
    const end = content.indexOf('\n', start) + 1;
    const bytes = content.subarray(start, end);
    lines.push({ kind: 'line', offset: offset + start, bytes, digits: digitsBefore(bytes, bytes.length) ?? 0 });
    start = end;
  }
  return lines;
}
