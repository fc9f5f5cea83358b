/**
 * Reads `consumers.ndjson` and says what of it holds. A tail that was never known durable is torn;
 * anything else that does not check out is damage, and the file is then left as it is.
 */
import { checksumAfterLine, noSalt, readTrailer, trailerBytes } from '../format/checksum.ts';
import {
  type ConsumerEntry,
  type ConsumersHeader,
  consumersFormat,
  decodeConsumerLine,
  decodeConsumersHeader,
  marksIn,
  seedAfter,
} from '../format/consumer-line.ts';

export interface ScannedConsumers {
  /** Each name's last one. */
  readonly entries: ReadonlyMap<string, ConsumerEntry>;
  /** The highest revision that was given. */
  readonly revision: number;
  /** Up to here everything was surely durable. */
  readonly durableBytes: number;
  /** The end of the last intact line. */
  readonly bytes: number;
  /** The state in which the next line starts. */
  readonly seed: number;
}

/** Where and how a file is not as it was written. */
export interface ConsumersDamage {
  readonly offset: number;
  readonly text: string;
}

export function scanConsumers(content: Buffer, storeId: string): ScannedConsumers | ConsumersDamage {
  const lines = linesOf(content);
  const [first = content] = lines;
  const headerSeed = seedAfter(first, 0);
  const header = headerSeed === undefined ? undefined : decodeConsumersHeader(first);
  const wrong = whatIsWrong(header, storeId);
  if (wrong !== undefined || header === undefined || headerSeed === undefined) {
    return { offset: 0, text: wrong ?? 'the header is damaged' };
  }
  const entries = new Map<string, ConsumerEntry>();
  let [bytes, seed, durableBytes, revision, intact] = [first.length, headerSeed, first.length, header.revision, 1];
  for (const line of lines.slice(1)) {
    const nextSeed = seedAfter(line, seed);
    if (nextSeed === undefined) break;
    const { entry, synced } = decodeConsumerLine(line);
    if (entry !== undefined) {
      entries.set(entry.name, entry);
      revision = Math.max(revision, entry.revision);
    }
    bytes += line.length;
    seed = nextSeed;
    durableBytes = Math.max(durableBytes, intact === header.records ? bytes : synced);
    intact++;
  }
  if (intact <= header.records) return { offset: bytes, text: 'records are missing or damaged' };
  const syncedBeyond = Math.max(highestSynced(lines.slice(intact)), ...marksIn(content.subarray(bytes)));
  if (syncedBeyond > bytes) return { offset: bytes, text: `what was durable up to byte ${syncedBeyond} is damaged` };
  return { entries, revision, durableBytes: Math.min(durableBytes, bytes), bytes, seed };
}

function whatIsWrong(header: ConsumersHeader | undefined, storeId: string): string | undefined {
  if (header === undefined) return 'the header is damaged';
  if (header.format > consumersFormat) return `the file is of format ${header.format}; start a newer release`;
  return header.consumersOf === storeId ? undefined : 'the file belongs to another store';
}

/** The highest `synced` of lines behind a gap; each is vouched for by the digits of the line before it. */
function highestSynced(lines: readonly Buffer[]): number {
  let highest = 0;
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    const digits = before && readTrailer(before, before.length - trailerBytes);
    if (digits === undefined || seedAfter(line, checksumAfterLine(digits, noSalt)) === undefined) continue;
    highest = Math.max(highest, decodeConsumerLine(line).synced);
  }
  return highest;
}

const lineFeed = 0x0a;

/** Lines with their line feeds; the last may lack it. */
function linesOf(content: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < content.length; ) {
    const feed = content.indexOf(lineFeed, start);
    const end = feed < 0 ? content.length : feed + 1;
    lines.push(content.subarray(start, end));
    start = end;
  }
  return lines;
}
