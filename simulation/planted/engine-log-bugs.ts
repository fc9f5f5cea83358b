/** What could be wrong with the embedded engine: writing, recovery, order, answers. */
import type { PlantedBug } from './planted-bug.ts';

const source = 'packages/engine-log/src';
const writer = `${source}/segment/log-writer.ts`;
const recovery = `${source}/recovery/recover-log.ts`;
const sync = 'await this.#file.sync();\n    this.#options.segments.last.bytes = group.end.offset;';

export const engineLogBugs: readonly PlantedBug[] = [
  {
    name: 'acknowledge before sync',
    edits: [
      {
        file: writer,
        find: sync,
        replace:
          'void this.#file.sync().catch(() => undefined);\n    this.#options.segments.last.bytes = group.end.offset;',
      },
    ],
    caughtBy: 'I3',
    scenario: 'crashes',
  },
  {
    name: 'no directory sync behind a new segment',
    edits: [
      {
        file: `${source}/file-system.ts`,
        find: '  await fileSystem.syncDirectory(directory);\n  return result;',
        replace: '  return result;',
      },
    ],
    caughtBy: 'I3',
    scenario: 'crashes',
  },
  {
    name: 'a sync error is ignored',
    edits: [{ file: writer, find: sync, replace: sync.replace('.sync()', '.sync().catch(() => undefined)') }],
    caughtBy: 'P-07',
    scenario: 'failed-syncs',
  },
  {
    name: 'a failed sync is tried again, and acknowledged',
    edits: [{ file: writer, find: sync, replace: sync.replace('.sync()', '.sync().catch(() => this.#file.sync())') }],
    caughtBy: 'P-07',
    scenario: 'failed-syncs',
  },
  {
    name: 'appends go on after a failed sync',
    edits: [
      {
        file: `${source}/engine-state.ts`,
        find: "if (this.#health.state === 'read-only') throw",
        replace: "if (this.#health.state === 'full') throw",
      },
    ],
    caughtBy: 'P-07',
    scenario: 'failed-syncs',
  },
  {
    name: 'the last append is dropped in recovery',
    edits: [
      {
        file: `${source}/recovery/scan-tail.ts`,
        find: 'if (isEndOfAppend) this.#end = end();',
        replace: 'if (isEndOfAppend && entry.place.position > this.#end.position + 1) this.#end = end();',
      },
    ],
    caughtBy: 'I3',
    scenario: 'crashes',
  },
  {
    name: 'a torn append is kept in part',
    edits: [
      {
        file: `${source}/recovery/scan-tail.ts`,
        find: 'if (isEndOfAppend) this.#end = end();',
        replace: 'this.#end = end();',
      },
    ],
    caughtBy: 'I4',
    scenario: 'crashes',
  },
  {
    name: 'recovery trusts the cache after a failed sync',
    edits: [
      {
        file: recovery,
        find: 'for (let at = from; at < end.offset;',
        replace: 'for (let at = end.offset; at < end.offset;',
      },
    ],
    caughtBy: 'P-04',
    scenario: 'failed-syncs',
    seeds: 600,
  },
  {
    name: 'recovery does not sync what it cut',
    edits: [
      {
        file: recovery,
        find: 'await file.truncate(end.offset);\n    await file.sync();',
        replace: 'await file.truncate(end.offset);',
      },
    ],
    caughtBy: 'I3',
    scenario: 'crashes',
  },
  {
    name: 'rubbish is left after a full disk',
    edits: [
      { file: writer, find: 'await this.#file.truncate(bytes);\n    await this.#file.sync();', replace: 'void bytes;' },
    ],
    caughtBy: 'P-04',
    scenario: 'crashes',
  },
  {
    name: 'the cut after a full disk is not synced',
    edits: [
      {
        file: writer,
        find: 'await this.#file.truncate(bytes);\n    await this.#file.sync();',
        replace: 'await this.#file.truncate(bytes);',
      },
    ],
    caughtBy: 'I6',
    scenario: 'crashes',
    seeds: 2_000,
  },
  {
    name: 'an event is lost at a segment’s border',
    edits: [
      {
        file: `${source}/segment/log-cursor.ts`,
        find: 'this.#offset = next.headerBytes;\n      this.#previous = next.headerChecksum;',
        replace:
          'this.#offset = next.headerBytes;\n      this.#previous = next.headerChecksum;\n      if (next.firstPosition % 3 === 0) this.#offset = next.bytes;',
      },
    ],
    caughtBy: 'P-04',
    scenario: 'crashes',
  },
];
