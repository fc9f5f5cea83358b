/**
 * Checks the log of a directory from its first byte to its last and says everything that is wrong
 * with it. What it finds out on the way is what a repair needs.
 */
import type { FileSystem } from '../file-system.ts';
import { trailerBytes } from '../format/checksum.ts';
import type { StoreIdentity } from '../format/store-file.ts';
import { findLogEnd, type LogEndFound } from './find-log-end.ts';
import type { Finding, Report } from './finding.ts';
import { HeadCheck } from './head-check.ts';
import { HistoryCheck } from './history-check.ts';
import { IdCheck } from './id-check.ts';
import { listSegments, type SegmentFile, startOfLines } from './list-segments.ts';
import type { HeadSlot } from './read-head.ts';
import { digitsBefore } from './read-trailer.ts';
import {
  type Loss,
  type Restorable,
  type SegmentEnd,
  type Walked,
  type WalkedLine,
  type WalkOptions,
  walkLog,
} from './walk-log.ts';

export interface CheckLogOptions {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  readonly store: StoreIdentity;
  /** The intact slots of `head`, newest first. */
  readonly head: readonly HeadSlot[];
  /** The last position that is known to have been durable. */
  readonly knownPosition: number;
  /** How many client ids are held in memory at once. */
  readonly idsMax: number | undefined;
  readonly progress: (bytes: number, totalBytes: number) => void;
  /** Told how the log is walked over before it is, so that others may walk at the same time; the last time counts. */
  readonly walking: (walk: WalkOptions) => void;
}

export interface CheckedLog {
  readonly findings: readonly Finding[];
  readonly segments: readonly SegmentFile[];
  readonly end: LogEndFound;
  readonly losses: readonly Loss[];
  readonly restorables: readonly Restorable[];
  /** The end of each segment. */
  readonly ends: readonly SegmentEnd[];
  readonly history: HistoryCheck;
  /** To walk over the same log again. */
  readonly walk: WalkOptions;
}

/** Segments that turn out not to be of this log count as unreadable, so it is checked again without them. */
export async function checkLog(options: CheckLogOptions): Promise<CheckedLog> {
  const foreign = new Set<number>();
  for (;;) {
    const findings: Finding[] = [];
    const check = await LogCheck.start(options, foreign, (finding) => findings.push(finding));
    options.walking(check.walk);
    const isForeign = await check.run();
    if (isForeign === undefined) return { ...check.result(), findings };
    foreign.add(isForeign);
  }
}

class LogCheck {
  readonly #options: CheckLogOptions;
  readonly #foreign: ReadonlySet<number>;
  readonly #report: Report;
  readonly walk: WalkOptions;
  readonly #end: LogEndFound;
  readonly #history = new HistoryCheck();
  readonly #ids: IdCheck;
  readonly #head: HeadCheck;
  readonly #losses: Loss[] = [];
  readonly #restorables: Restorable[] = [];
  readonly #ends: SegmentEnd[] = [];

  private constructor(
    options: CheckLogOptions,
    foreign: ReadonlySet<number>,
    report: Report,
    walk: WalkOptions,
    end: LogEndFound,
  ) {
    this.#options = options;
    this.#foreign = foreign;
    this.#report = report;
    this.walk = walk;
    this.#end = end;
    this.#ids = new IdCheck(options.idsMax);
    this.#head = new HeadCheck(options.head[0]);
  }

  static async start(options: CheckLogOptions, foreign: ReadonlySet<number>, report: Report): Promise<LogCheck> {
    const { fileSystem, store } = options;
    const segments = await listSegments({ ...options, foreign, report });
    const end = await findEnd(options, segments);
    const [slot] = options.head;
    const digits = slot?.position === end.knownPosition ? slot.digits : undefined;
    return new LogCheck(options, foreign, report, { fileSystem, store, segments, end: { ...end, digits } }, end);
  }

  /** Checks everything; stops at a segment that is not of this log, and returns its first position. */
  async run(): Promise<number | undefined> {
    const { segments } = this.walk;
    const totalBytes = segments.reduce((sum, { bytes }) => sum + bytes, 0);
    let done = 0;
    for await (const walked of walkLog(this.walk)) {
      for (const each of walked) {
        const foreign = this.#take(each);
        if (foreign !== undefined) return foreign;
        if (each.kind === 'end') done += each.segment.bytes;
      }
      const at = walked.at(-1);
      this.#options.progress(at?.kind === 'line' ? done + at.offset : done, totalBytes);
    }
    const foreign = this.#endOfLog();
    if (foreign !== undefined) return foreign;
    while (this.#ids.beginNextPass()) await this.#checkIds();
    return undefined;
  }

  result(): Omit<CheckedLog, 'findings'> {
    return {
      segments: this.walk.segments,
      end: this.#end,
      losses: this.#losses,
      restorables: this.#restorables,
      ends: this.#ends,
      history: this.#history,
      walk: this.walk,
    };
  }

  #take(walked: Walked): number | undefined {
    if (walked.kind === 'line') this.#takeLine(walked);
    else if (walked.kind === 'loss') this.#takeLoss(walked);
    else if (walked.kind === 'end') return this.#takeEnd(walked);
    else this.#takeRestorable(walked);
    return undefined;
  }

  #takeLine(walked: WalkedLine): void {
    const { segment, offset, bytes, line } = walked;
    const at = { severity: 'damage', file: segment.file, offset, bytes: bytes.length } as const;
    if (line === undefined) {
      this.#report({ kind: 'inconsistent', ...at, text: 'it is intact, but no line of this format' });
      this.#history.skipTo(this.#history.position + 1);
      return;
    }
    const { position, streamId, version } = line;
    for (const text of [...this.#history.add(line), ...this.#ids.add(line)])
      this.#report({ kind: 'inconsistent', ...at, position, streamId, version, text });
    this.#head.add(walked);
  }

  #takeLoss(loss: Loss): void {
    this.#losses.push(loss);
    const { segment, offset, end, position, lastPosition, isForeign } = loss;
    if (lastPosition >= position) this.#history.skipTo(lastPosition);
    const file = segment?.file ?? 'log';
    const positions = lastPosition < position ? {} : { position, ...(lastPosition > position && { lastPosition }) };
    const place = {
      severity: 'damage',
      file,
      offset,
      ...(end > offset && { bytes: end - offset }),
      ...positions,
    } as const;
    if (isForeign)
      this.#report({ kind: 'foreign', ...place, text: 'it is not a part of this log: nothing in it can be believed' });
    else if (end === offset) this.#report({ kind: 'missing', ...place, text: 'lines are missing that were stored' });
    else this.#report({ kind: 'unreadable', ...place, text: 'bytes are not as they were written' });
  }

  #takeRestorable(restorable: Restorable): void {
    this.#restorables.push(restorable);
    const { segment, offset, content } = restorable;
    const text = 'the checksum of a line is damaged, the events are whole';
    const place = { file: segment.file, offset, bytes: content.length, position: this.#history.position + 1 };
    this.#report({ kind: 'restorable', severity: 'damage', ...place, text });
  }

  #takeEnd(end: SegmentEnd): number | undefined {
    this.#ends.push(end);
    const { segment, digits, continued, offset } = end;
    const { file, header, firstPosition, isForeign } = segment;
    if (!isForeign && header === undefined)
      this.#report({ kind: 'unreadable', severity: 'damage', file, offset: 0, text: 'the header cannot be read' });
    if (!isForeign && continued !== undefined && digits !== continued) return firstPosition;
    const isLast = segment === this.walk.segments.at(-1);
    if (isLast && !isForeign) this.#takeTorn(end);
    for (const text of this.#history.endSegment())
      this.#report({ kind: 'inconsistent', severity: 'damage', file, offset, position: this.#history.position, text });
    return undefined;
  }

  #takeTorn({ segment, offset }: SegmentEnd): void {
    const { tornBytes: bytes } = this.#end;
    if (bytes === 0) return;
    const text = 'half a group, as a crash leaves it: the next start cuts it off and keeps it in torn/';
    this.#report({ kind: 'torn-tail', severity: 'notice', file: segment.file, offset, bytes, text });
  }

  /** What `head` says; a last segment that went on without what was durable is of another life. */
  #endOfLog(): number | undefined {
    const last = this.walk.segments.at(-1);
    const contradiction = this.#head.contradiction(this.#losses);
    if (contradiction === undefined) return undefined;
    const { slot, text, isMoved } = contradiction;
    const isInLast = last !== undefined && slot.segment === last.firstPosition && !isMoved;
    if (isInLast && !this.#foreign.has(last.firstPosition)) return last.firstPosition;
    const severity = isMoved ? 'derived' : 'damage';
    this.#report({ kind: 'head', severity, file: 'head', position: slot.position, text });
    return undefined;
  }

  async #checkIds(): Promise<void> {
    for await (const walked of walkLog(this.walk)) {
      for (const each of walked) {
        if (each.kind !== 'line' || each.line === undefined) continue;
        const { segment, offset, bytes, line } = each;
        for (const text of this.#ids.add(line)) {
          const { position, streamId, version } = line;
          const at = { file: segment.file, offset, bytes: bytes.length, position, streamId, version };
          this.#report({ kind: 'inconsistent', severity: 'damage', ...at, text });
        }
      }
    }
  }
}

/** Where the log ends: looked for behind what `head` says was durable, if that is there. */
async function findEnd(
  { fileSystem, store, head, knownPosition }: CheckLogOptions,
  segments: readonly SegmentFile[],
): Promise<LogEndFound> {
  const last = segments.at(-1);
  if (last === undefined) return { offset: 0, knownPosition, tornBytes: 0 };
  const [slot] = head;
  const isInLast = slot?.segment === last.firstPosition && slot.offset <= last.bytes && !last.isForeign;
  if (isInLast && (await digitsAt(fileSystem, last, slot.offset)) === slot.digits)
    return findLogEnd({ fileSystem, last, start: slot, knownPosition });
  const before = segments.at(-2);
  // What the header must go on from, in case that it cannot be read.
  const previous = before === undefined ? 0 : await digitsAt(fileSystem, before, before.bytes);
  const start = { ...startOfLines(last, { store, previous }), position: last.firstPosition - 1 };
  return findLogEnd({ fileSystem, last, start, knownPosition });
}

/** The digits of the line that ends there, if one does. */
async function digitsAt(fileSystem: FileSystem, { path }: SegmentFile, offset: number): Promise<number | undefined> {
  const file = await fileSystem.open(path, 'read');
  try {
    const end = Buffer.alloc(Math.min(trailerBytes, offset));
    await file.read(end, offset - end.length);
    return digitsBefore(end, end.length);
  } finally {
    await file.close();
  }
}
