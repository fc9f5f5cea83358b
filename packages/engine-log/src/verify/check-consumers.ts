/**
 * Checks `consumers.ndjson` line by line, by code of its own; format/consumer-line.ts draws it. A
 * tail that was never known durable is torn, everything else that does not check out is damage.
 */
import { crc32 } from 'node:zlib';
import { trailerBytes } from '../format/checksum.ts';
import { consumersFileName, consumersFormat } from '../format/consumer-line.ts';
import type { Finding } from './finding.ts';
import { digitsBefore, digitsOf, printed } from './read-trailer.ts';

interface Line {
  readonly offset: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function checkConsumers(content: Buffer, storeId: string): readonly Finding[] {
  const { lines, end, durable } = readLines(content);
  const problems = [...headerProblems(lines[0], storeId), ...lineProblems(lines)];
  const records = Number(lines[0]?.fields.records ?? 0);
  if (lines.length > 0 && lines.length <= records)
    problems.push([end, `it has ${lines.length - 1} of the ${records} records that were written as one`]);
  else if (lines.length > 0 && durable > end)
    problems.push([end, `what was durable up to byte ${durable} is not as it was written`]);
  if (problems.length > 0 || end === content.length)
    return problems.map(([offset, text]) => ({
      kind: 'consumers',
      severity: 'damage',
      file: consumersFileName,
      offset,
      text,
    }));
  const text = 'half a change, as a crash leaves it: the next start cuts it off';
  return [
    { kind: 'torn-tail', severity: 'notice', file: consumersFileName, offset: end, bytes: content.length - end, text },
  ];
}

type Problem = readonly [offset: number, text: string];

function headerProblems(header: Line | undefined, storeId: string): Problem[] {
  if (header === undefined) return [[0, 'its header cannot be read']];
  const { format, consumersOf, revision, records } = header.fields;
  if (typeof format !== 'number' || format > consumersFormat)
    return [[0, `it is of format ${format}; use a newer release`]];
  if (consumersOf !== storeId) return [[0, `it belongs to another store, ${consumersOf}`]];
  return Number.isSafeInteger(revision) && Number.isSafeInteger(records) ? [] : [[0, 'its header lacks a number']];
}

/** Revisions are given once, in order; `synced` is never ahead of its line. */
function lineProblems([header, ...lines]: readonly Line[]): Problem[] {
  const problems: Problem[] = [];
  const { revision: first, records } = { ...header?.fields } as { revision?: number; records?: number };
  let highest = first ?? 0;
  for (const [index, { offset, fields }] of lines.entries()) {
    const { name, revision, synced } = fields as { name?: unknown; revision?: number; synced?: number };
    const isRecord = index < (records ?? 0);
    if (!Number.isSafeInteger(synced) || (synced as number) > offset)
      problems.push([offset, `synced is ${synced}, which is ahead of it`]);
    if (name === undefined) continue;
    const isInOrder =
      Number.isSafeInteger(revision) && (isRecord ? (revision as number) <= highest : (revision as number) > highest);
    if (!isInOrder) problems.push([offset, `revision ${revision} stands behind revision ${highest}`]);
    if (!isRecord) highest = Math.max(highest, revision ?? 0);
  }
  return problems;
}

/** The intact lines from the start, where they end, and up to where the file is known to have been durable. */
function readLines(content: Buffer): { readonly lines: Line[]; readonly end: number; readonly durable: number } {
  const lines: Line[] = [];
  let end = 0;
  let durable = 0;
  let before: number | undefined;
  for (let offset = 0; offset < content.length; ) {
    const next = content.indexOf('\n', offset) + 1 || content.length;
    const bytes = content.subarray(offset, next);
    const digits = digitsBefore(bytes, bytes.length);
    const body = bytes.subarray(0, -trailerBytes);
    const expected =
      offset === 0 ? crc32(body) : before === undefined ? undefined : digitsOf(body, { before, salt: 0 });
    const isIntact = digits !== undefined && digits === expected;
    if (isIntact) {
      const fields = JSON.parse(bytes.toString('utf8')) as Line['fields'];
      durable = Math.max(durable, Number(fields.synced ?? 0));
      if (end === offset) {
        lines.push({ offset, fields });
        end = next;
      }
    }
    before = digits;
    offset = next;
  }
  return { lines, end, durable: Math.max(durable, markedIn(content.subarray(end))) };
}

const markPattern = /(\{"synced":(\d{1,15}),"own":")([0-9a-f]{8})"/g;

/** Up to where the marks in some bytes say that all is durable: each vouches for itself, whatever stands around it. */
function markedIn(bytes: Buffer): number {
  let marked = 0;
  for (const [, open = '', synced, own] of bytes.toString('latin1').matchAll(markPattern)) {
    if (printed(crc32(Buffer.from(open, 'latin1'))) === own) marked = Math.max(marked, Number(synced));
  }
  return marked;
}
