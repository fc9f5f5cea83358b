/** Reads that do not wait: the same lines as of those that do, and never a line that is not as it was written. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits, parseStreamId, type ReadStreamRequest, type StorageEngine } from '@event-store/core';
import { sampleAppend } from '../../../../simulation/engine-log/sample-appends.ts';
import { machineOn, SimulatedMachine } from '../../../../simulation/engine-log/simulated-machine.ts';
import { smallSegmentBytes, smallStore } from '../../../../simulation/engine-log/small-store.ts';
import { durableDirectory } from '../../../../simulation/file-system/simulated-directory.ts';
import { seededRandom } from '../../../../simulation/seeded-random.ts';

type Request = ReadStreamRequest & { readonly limit: number };

const room = Buffer.alloc(limits.batchBytesMax);

function atOnce(engine: StorageEngine, request: Request): string | undefined {
  const part = engine.readStreamAtOnce?.(request, room);
  return part && room.toString('utf8', 0, part.lineEnds.at(-1) ?? 0);
}

/** As it is read by waiting. */
async function inTime(engine: StorageEngine, request: Request): Promise<string> {
  let text = '';
  for await (const { lines } of engine.readStream(request)) text += Buffer.from(lines).toString();
  return text;
}

/** From lines that stand alone to runs of a thousand, and some that are longer than what is read in one go. */
async function fill(engine: StorageEngine): Promise<void> {
  const random = seededRandom(7);
  for (let number = 0; number < 200; number++) {
    const [events, dataBytes] = [1 + random.below(5), random.isTrue(0.1) ? random.below(12_000) : 0];
    await engine.append(sampleAppend({ streamId: `s${random.below(9)}`, name: `${number}`, events, dataBytes }));
  }
  await engine.append(sampleAppend({ streamId: 'run', name: 'run', events: 1_000 }));
  await engine.append(sampleAppend({ streamId: 'long', name: 'long', dataBytes: 60_000 }));
  await engine.append(sampleAppend({ streamId: 's1', name: 'last' }));
}

async function compare(engine: StorageEngine, random = seededRandom(8)): Promise<void> {
  for (const name of ['s1', 's2', 's3', 's4', 's5', 'run', 'nobody']) {
    const streamId = parseStreamId(name);
    const version = await engine.streamVersion(streamId);
    for (let turn = 0; turn < 20; turn++) {
      const direction = random.isTrue(0.5) ? 'forward' : 'backward';
      const request = {
        streamId,
        from: 1 + random.below(version + 2),
        limit: 1 + random.below(version + 2),
        direction,
      };
      const expected = await inTime(engine, request as Request);
      assert.equal(atOnce(engine, request as Request), expected, JSON.stringify(request));
    }
  }
}

describe('a read that does not wait', () => {
  for (const lineCacheBytes of [0, 1024 * 1024]) {
    const options = { segmentBytes: 200_000, lineCacheBytes };
    it(`gives what one that does gives, from memory and from the files, with ${lineCacheBytes} bytes to keep lines`, async () => {
      const machine = new SimulatedMachine(options);
      const engine = await machine.open();
      await fill(engine);
      await compare(engine);
      await engine.close();
      const again = await machineOn(machine.fileSystem.state(), options).open();
      await compare(again);
      assert.equal(again.statistics().line_cache_bytes, lineCacheBytes);
    });
  }

  it('follows a stream that grows between the reads', async () => {
    const engine = await new SimulatedMachine().open();
    const streamId = parseStreamId('a');
    for (let events = 1; events <= 230; events++) {
      await engine.append(sampleAppend({ streamId, name: `${events}` }));
      for (const from of [1, events - 20, 95]) {
        const request = { streamId, from: Math.max(1, from), limit: 1_000, direction: 'forward' } as const;
        assert.equal(atOnce(engine, request), await inTime(engine, request), `${events} events from ${from}`);
      }
    }
  });

  it('is given up where it does not fit, or a line is too long for one read', async () => {
    const machine = new SimulatedMachine({ segmentBytes: 200_000 });
    const engine = await machine.open();
    await fill(engine);
    await engine.close();
    const again = await machineOn(machine.fileSystem.state(), { segmentBytes: 200_000 }).open();
    const request = { from: 1, limit: 1_000, direction: 'forward' } as const;
    const [long, run] = [parseStreamId('long'), parseStreamId('run')];
    for (const streamId of [long, run]) assert.notEqual(await inTime(again, { ...request, streamId }), '');
    assert.equal(atOnce(again, { ...request, streamId: long }), undefined);
    const whole = again.readStreamAtOnce?.({ ...request, streamId: run }, room)?.lineEnds.at(-1) ?? 0;
    assert.ok(whole > 0);
    assert.equal(again.readStreamAtOnce?.({ ...request, streamId: run }, room.subarray(0, whole - 1)), undefined);
  });

  it('never gives a line that is not as it was written, whichever byte changes', async () => {
    const store = await smallStore();
    const machine = machineOn(durableDirectory(store.image), { segmentBytes: smallSegmentBytes, lineCacheBytes: 0 });
    const engine = await machine.open();
    const requests = ['a', 'b', 'c', 'ü/"\u2028'].map(
      (id) => ({ streamId: parseStreamId(id), from: 1, limit: 10, direction: 'forward' }) as const,
    );
    const whole = await Promise.all(requests.map((request) => inTime(engine, request)));
    let given = 0;
    let givenUp = 0;
    for (const path of store.segments) {
      const content = store.image.get(path) as Buffer;
      const file = await machine.fileSystem.open(`/${path}`, 'write');
      for (let at = 0; at < content.length; at++) {
        file.write(Buffer.from([(content[at] as number) ^ (1 << (at % 8))]), at);
        for (const [index, request] of requests.entries()) {
          const text = atOnce(engine, request);
          if (text === undefined) givenUp++;
          else given++;
          assert.ok(text === undefined || text === whole[index], `byte ${at} of ${path}`);
        }
        file.write(content.subarray(at, at + 1), at);
      }
      await file.close();
    }
    assert.ok(given > 0 && givenUp > 0, `${given} given, ${givenUp} given up`);
  });
});
