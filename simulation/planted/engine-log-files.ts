/** What could be wrong with how the embedded engine treats files that are not as they were. */
import type { PlantedBug } from './planted-bug.ts';

const source = 'packages/engine-log/src';
const checksum = `${source}/format/checksum.ts`;
const withoutDigits = (bytes: string) =>
  `Buffer.from(Buffer.from(${bytes}).toString('latin1').replace(/[0-9]/g, '0'), 'latin1')`;

export const engineLogFileBugs: readonly PlantedBug[] = [
  {
    name: 'recovery stops silently at a bad checksum',
    edits: [
      {
        file: `${source}/recovery/scan-tail.ts`,
        find: '({ lastPosition }) => lastPosition >= this.#durablePosition',
        replace: '({ lastPosition }) => lastPosition >= 0',
      },
      {
        file: `${source}/recovery/scan-tail.ts`,
        find: '({ lastPosition }) => lastPosition < this.#durablePosition',
        replace: '({ lastPosition }) => lastPosition < 0',
      },
    ],
    caughtBy: 'P-04',
    scenario: 'corruption',
  },
  {
    name: 'the checksum leaves out numbers',
    edits: [
      {
        file: checksum,
        find: 'return crc32(bytes, checksum);',
        replace: `return crc32(${withoutDigits('bytes')}, checksum);`,
      },
      {
        file: checksum,
        find: 'return crc32(trailer, salted(digits, salt));',
        replace: `return crc32(${withoutDigits('trailer')}, salted(digits, salt));`,
      },
      {
        file: checksum,
        find: 'crc32(lines.subarray(0, digitsAt), seed)',
        replace: `crc32(${withoutDigits('lines.subarray(0, digitsAt)')}, seed)`,
      },
    ],
    caughtBy: 'P-03',
    scenario: 'corruption',
  },
  {
    name: 'lines are not checked when they are read',
    edits: [
      {
        file: `${source}/segment/check-lines.ts`,
        find: 'import { checksumAfterLine, verifyLines }',
        replace: 'import { checksumAfterLine, readTrailer, trailerBytes, verifyLines }',
      },
      {
        file: `${source}/segment/check-lines.ts`,
        find: 'if (checksum !== undefined) return { intactBytes',
        replace:
          'if (checksum !== undefined || lines.length > 0) return { hasLost: false, checksum: readTrailer(lines, lines.length - trailerBytes) ?? 0, intactBytes: lines.length };\n  if (checksum !== undefined) return { intactBytes',
      },
    ],
    caughtBy: 'P-03',
    scenario: 'corruption',
  },
  {
    name: 'the salt is left out',
    edits: [
      {
        file: `${source}/format/segment-salt.ts`,
        find: 'format < firstFormatWithSalt ? 0',
        replace: 'format >= 1 ? 0',
      },
    ],
    caughtBy: 'P-03',
    scenario: 'corruption',
  },
  {
    name: 'a stale segment is accepted',
    edits: [
      {
        file: `${source}/recovery/open-segments.ts`,
        find: 'if (isNext && isContinued) return undefined;',
        replace: 'if (isNext) return undefined;',
      },
    ],
    caughtBy: 'P-03',
    scenario: 'stale-segments',
    seeds: 1,
  },
  {
    name: 'a live segment is deleted as an orphan',
    edits: [
      {
        file: `${source}/data-directory.ts`,
        find: 'if (name.endsWith(temporarySuffix)) await',
        replace:
          "if (name.endsWith(temporarySuffix) || (name.endsWith('.ndjson') && name > '00000000000000000009')) await",
      },
    ],
    caughtBy: 'I3',
    scenario: 'crashes',
  },
  {
    name: 'head is not asked whether something is missing',
    edits: [
      {
        file: `${source}/recovery/recover-log.ts`,
        find: 'const missing = head && (await whatIsMissing(segments, head.end));',
        replace: 'const missing = head && (await whatIsMissing(segments, head.end)) && undefined;',
      },
    ],
    caughtBy: 'P-04',
    scenario: 'corruption',
  },
  {
    name: 'a short write is not looped',
    edits: [
      {
        file: `${source}/node-file-system.ts`,
        find: 'done += written;',
        replace: 'done += Math.max(written, bytes.byteLength);',
      },
    ],
    caughtBy: 'P-01',
    scenario: 'short-writes',
    seeds: 20,
  },
  {
    name: 'the lock is not exclusive',
    edits: [
      {
        file: `${source}/directory-lock.ts`,
        find: "database.exec('BEGIN EXCLUSIVE; COMMIT');",
        replace: '',
      },
      {
        file: `${source}/directory-lock.ts`,
        find: 'tellOwner(database);\n  } catch',
        replace: 'void tellOwner;\n  } catch',
      },
    ],
    caughtBy: 'P-09',
    scenario: 'lock',
    seeds: 2,
  },
];
