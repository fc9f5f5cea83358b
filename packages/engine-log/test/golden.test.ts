/** Every format is frozen: its data directory is opened, gone on with, checked and repaired, and written today it is the same bytes. Shows P-22. */
import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { parseStreamId, type StorageEngine } from '@event-store/core';
import { openLogEngine } from '@event-store/engine-log';
import { feedLines, linesOf, parseLine, streamLines } from '../../../simulation/engine-log/history.ts';
import { sampleAppend } from '../../../simulation/engine-log/sample-appends.ts';
import { machineOn } from '../../../simulation/engine-log/simulated-machine.ts';
import { withFile } from '../../../simulation/engine-log/small-store.ts';
import { type DiskImage, durableDirectory } from '../../../simulation/file-system/simulated-directory.ts';
import { decodeSegmentHeader } from '../src/format/segment-header.ts';
import { formatVersion } from '../src/format/store-file.ts';
import { repairImage } from './repair/repair-image.ts';
import { goldenStore, lostEvent } from './support/golden-store.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';
import { verifyImage } from './verify/verify-small-store.ts';

const directoryOf = (format: number) => join(import.meta.dirname, `../golden/format-${format}`);
const formats = [1, 2];

interface Event extends Record<string, unknown> {
  readonly streamId: string;
  readonly version: number;
}

/** In all of the directories. */
const events: readonly Event[] = readFileSync(join(import.meta.dirname, '../golden/format-1-events.ndjson'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

/** An engine on a copy, with the index of the real disk. */
async function openCopy(context: TestContext, format: number): Promise<StorageEngine> {
  const directory = temporaryDirectory(context);
  cpSync(directoryOf(format), directory, { recursive: true });
  const engine = await openLogEngine({ directory });
  context.after(() => engine.close());
  return engine;
}

/** What is committed, on a simulated disk. */
function imageOf(format: number): DiskImage {
  const golden = directoryOf(format);
  const files = readdirSync(golden, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.replace(golden, 'data'), entry.isFile() ? readFileSync(path) : undefined] as const;
  });
  return new Map([['data', undefined], ...files]);
}

function toEvent(line: string): unknown {
  const { commit, crc32, synced, ...event } = JSON.parse(line);
  return event;
}

for (const format of formats) {
  describe(`a data directory of format ${format}`, () => {
    it('has the events that were stored, in the feed and in every stream', async (context) => {
      const engine = await openCopy(context, format);
      assert.deepEqual(engine.health(), { state: 'ready' });
      assert.deepEqual((await feedLines(engine)).map(toEvent), events);
      for (const [streamId, expected] of Map.groupBy(events, (event) => event.streamId)) {
        assert.deepEqual((await streamLines(engine, streamId)).map(toEvent), expected);
        assert.equal(await engine.streamVersion(parseStreamId(streamId)), expected.at(-1)?.version);
      }
    });

    it('knows that the event that was given up is gone', async (context) => {
      const engine = await openCopy(context, format);
      const { streamId, version, position } = lostEvent;
      const one = { streamId: parseStreamId(streamId), from: version, limit: 1, direction: 'forward' } as const;
      const [first] = await Array.fromAsync(engine.readStream(one), ({ count, through }) => ({ count, through }));
      assert.deepEqual(first, { count: 0, through: version });
      assert.ok(events.every((event) => event.position !== position));
    });

    it('takes appends behind it, and knows retries of what is in it', async (context) => {
      const engine = await openCopy(context, format);
      const log = join(directoryOf(format), 'log/00000000000000000001.ndjson');
      const { streamId: id, type, data, id: eventId } = parseLine(readFileSync(log, 'utf8').split('\n')[1] ?? '');
      const streamId = parseStreamId(id);
      const again = {
        streamId,
        expectedVersion: undefined,
        events: [{ type, data, id: eventId, metadata: undefined }],
      };
      assert.equal((await engine.append({ streams: [again] })).outcome, 'replayed');
      const next = await engine.append(sampleAppend({ streamId: 'account-1', name: 'next' }));
      const told = { streamId: 'account-1', firstVersion: 6, version: 6, position: 12 };
      assert.deepEqual('streams' in next && next.streams[0], told);
    });
  });

  describe(`a store of format ${format}, today`, () => {
    it('stays of this format, also in the segments that are begun today, and is intact then', async () => {
      const machine = machineOn(durableDirectory(imageOf(format)), { segmentBytes: 700 });
      const engine = await machine.open();
      for (let number = 0; number < 10; number++)
        await engine.append(sampleAppend({ streamId: 'new', name: `${number}`, events: 2 }));
      await engine.close();
      const image = machine.fileSystem.image();
      const segments = [...image.keys()].filter((path) => path.endsWith('.ndjson'));
      assert.ok(segments.length > 5);
      for (const path of segments) assert.equal(decodeSegmentHeader(image.get(path) as Buffer)?.format, format, path);
      assert.equal(JSON.parse(`${image.get('data/store.json')}`).format, format);
      const { isIntact, events: intact, lostEvents } = await verifyImage(image);
      assert.deepEqual([isIntact, intact, lostEvents], [true, events.length + 20, 1]);
    });

    it('is repaired where it is damaged', async () => {
      const image = withFile(imageOf(format), 'data/log/00000000000000000004.ndjson', (content) => {
        content.write('x', content.indexOf('"position":7,') + 1);
        return content;
      });
      assert.equal((await verifyImage(image)).isIntact, false);
      const { outcome, report, fileSystem } = await repairImage(image);
      assert.deepEqual([outcome, report.lostEvents], ['repaired', 2]);
      const engine = await machineOn(fileSystem.state()).open();
      assert.deepEqual(engine.health(), { state: 'ready' });
      const served: string[] = [];
      for await (const batch of engine.readFeed({ after: 0 })) served.push(...linesOf(batch.lines));
      assert.deepEqual(
        served.map(toEvent),
        events.filter(({ position }) => position !== 7),
      );
      await engine.close();
    });

    it('is the same bytes, written today', async () => {
      for (const [path, content] of await goldenStore(format)) {
        assert.deepEqual(readFileSync(join(directoryOf(format), path)), content, path);
      }
    });

    it('is refused with the store.json of another format, which says so', async () => {
      for (const other of formats.filter((each) => each !== format)) {
        const image = new Map(imageOf(format)).set('data/store.json', imageOf(other).get('data/store.json'));
        await assert.rejects(machineOn(durableDirectory(image)).open(), { kind: 'foreign-data' });
        const { findings } = await verifyImage(image);
        assert.ok(findings.some(({ kind, text }) => kind === 'foreign' && text.includes(`format ${format}`)));
      }
    });
  });
}

it('the newest format has a golden directory', () => {
  assert.equal(formats.at(-1), formatVersion);
});
