/**
 * Where the log ends in its last segment, and what is behind that end. Only what is behind the
 * durable point can be torn: a line there that does not check out, or an append without its end.
 */
import type { FileSystem } from '../file-system.ts';
import type { SegmentFile } from './list-segments.ts';
import { type Gap, type IntactLine, scanSegment } from './scan-segment.ts';
import { readStoredLine } from './stored-line.ts';

export interface LogEndFound {
  readonly offset: number;
  /** The last position that was durable once; behind what is there when the end is missing. */
  readonly knownPosition: number;
  /** Bytes of half a group behind it, without the zeros that were written ahead. */
  readonly tornBytes: number;
}

export interface FindLogEndOptions {
  readonly fileSystem: FileSystem;
  readonly last: SegmentFile;
  /** The end of a line or of the header, with its digits, and the last position in front of it. */
  readonly start: { readonly offset: number; readonly digits: number | undefined; readonly position: number };
  /** What `head` and the index know to have been durable. */
  readonly knownPosition: number;
}

interface Step {
  /** The end of a line, or the start of a gap. */
  readonly offset: number;
  readonly position: number;
  readonly isWhole: boolean;
  readonly isGap: boolean;
}

export async function findLogEnd({ fileSystem, last, start, knownPosition }: FindLogEndOptions): Promise<LogEndFound> {
  const beginning = { offset: start.offset, position: start.position, isWhole: true, isGap: false };
  let durable = Math.max(knownPosition, beginning.position);
  let position = beginning.position;
  let contentEnd = Math.min(start.offset, last.bytes);
  /** The ends of lines behind the last whole append, and the first gap behind what was durable then. */
  let steps: Step[] = [beginning];
  for await (const piece of pieces(fileSystem, last, start)) {
    if (piece.kind === 'gap') {
      steps.push({ offset: piece.offset, position, isWhole: false, isGap: true });
      contentEnd = Math.max(contentEnd, piece.contentEnd);
      continue;
    }
    const line = readStoredLine(piece.bytes);
    position = line?.position ?? position + 1;
    contentEnd = piece.offset + piece.bytes.length;
    const isWhole = line === undefined || line.commit === position;
    durable = Math.max(durable, line?.synced ?? 0);
    steps.push({ offset: contentEnd, position, isWhole, isGap: false });
    if (position <= durable || steps.length > stepsMax) steps = settled(steps, durable);
  }
  const isTorn = (step: Step) => step.isGap && step.position >= durable;
  const torn = steps.findIndex(isTorn);
  const counted = torn < 0 ? steps : steps.slice(0, torn);
  const end = counted.findLast(({ isGap, isWhole, position: at }) => !isGap && (isWhole || at <= durable)) ?? beginning;
  // Damage at the very end reaches to the end of the file: what stood there was durable.
  const isDamagedToEnd = counted.at(-1)?.isGap === true;
  const offset = Math.min(last.bytes, isDamagedToEnd ? Math.max(end.offset, contentEnd) : end.offset);
  return { offset, knownPosition: Math.max(durable, end.position), tornBytes: Math.max(0, contentEnd - offset) };
}

const stepsMax = 4_096;

/** Leaves out what cannot be the end any more. */
function settled(steps: readonly Step[], durable: number): Step[] {
  const isTorn = (step: Step) => step.isGap && step.position >= durable;
  if (steps.some(isTorn)) return [...steps];
  const lastWhole = steps.findLastIndex(({ isGap, isWhole, position }) => !isGap && (isWhole || position <= durable));
  return steps.slice(Math.max(0, lastWhole));
}

async function* pieces(
  fileSystem: FileSystem,
  { path, bytes, salt }: SegmentFile,
  { offset, digits }: FindLogEndOptions['start'],
): AsyncGenerator<IntactLine | Gap> {
  const file = await fileSystem.open(path, 'read');
  try {
    for await (const some of scanSegment(file, { from: offset, to: bytes, before: digits, salt })) yield* some;
  } finally {
    await file.close();
  }
}
