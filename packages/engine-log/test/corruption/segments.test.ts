/** Segments and lines that are missing, out of place, or somebody else's. Shows P-04. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StartError } from '@event-store/core';
import { checkDamaged } from '../../../../simulation/engine-log/check-damaged.ts';
import { truthfullyServed } from '../../../../simulation/engine-log/damaged-store.ts';
import { storeOfBytes } from '../../../../simulation/engine-log/random-store.ts';
import { machineOn } from '../../../../simulation/engine-log/simulated-machine.ts';
import { headPath, smallStore, storePath, withFile } from '../../../../simulation/engine-log/small-store.ts';
import { type DiskImage, durableDirectory } from '../../../../simulation/file-system/simulated-directory.ts';
import { encodeSegmentHeader } from '../../src/format/segment-header.ts';
import { formatVersion } from '../../src/format/store-file.ts';

const store = await smallStore();
const [first, second, last] = store.segments as [string, string, string];

async function expectReadOnly(image: DiskImage): Promise<readonly number[]> {
  const { health, corrupt } = await truthfullyServed(image, store);
  assert.equal(health.state, 'read-only');
  return corrupt;
}

describe('segments that are missing or out of place', () => {
  const withoutHead = withFile(store.image, headPath, () => undefined);

  for (const path of store.segments) {
    it(`lacks ${path}`, async () => {
      const corrupt = await expectReadOnly(withFile(store.image, path, () => undefined));
      const text = (store.image.get(path) as Buffer).toString('utf8');
      const missing = store.lines.flatMap((line, index) => (text.includes(`${line}\n`) ? [index + 1] : []));
      assert.deepEqual(corrupt, missing, 'just what was in it is missing');
    });
  }

  it('lacks every segment', async () => {
    const image = new Map([...store.image].filter(([path]) => !path.endsWith('.ndjson')));
    assert.equal((await expectReadOnly(image)).length, store.lines.length);
  });

  it('lacks a segment in the middle, and head', async () => {
    await expectReadOnly(withFile(withoutHead, second, () => undefined));
  });

  it('has two segments under each other’s names', async () => {
    const image = new Map(store.image).set(first, store.image.get(second)).set(second, store.image.get(first));
    await expectReadOnly(image);
  });

  it('has a segment twice', async () => {
    await expectReadOnly(new Map(store.image).set(second, store.image.get(first)));
    await expectReadOnly(new Map(store.image).set(last, store.image.get(second)));
  });

  it('has a segment of another life of the store in place of its own', async () => {
    const other = await smallStore({ life: '.' });
    for (const path of [second, last]) {
      assert.ok(other.image.get(path) !== undefined, 'it has the same name');
      await expectReadOnly(new Map(store.image).set(path, other.image.get(path)));
    }
  });
});

describe('segments whose place in the log nothing vouches for', () => {
  const withoutHead = withFile(store.image, headPath, () => undefined);

  it('is the last one, of another life of the store, where head is gone', async () => {
    const other = await smallStore({ life: '.' });
    const corrupt = await expectReadOnly(new Map(withoutHead).set(last, other.image.get(last)));
    const first = store.lines.length - linesIn(last) + 1;
    assert.deepEqual(
      corrupt,
      store.lines.map((_, index) => index + 1).filter((position) => position >= first),
      'what was before it is served',
    );
  });

  it('has the first segment of another life under the name of a later one', async () => {
    const other = await smallStore({ life: '.' });
    for (const path of [second, last]) await expectReadOnly(new Map(store.image).set(path, other.image.get(first)));
  });

  it('is the last one, of another life, and has no header, where head is gone', async () => {
    const other = await smallStore({ life: '.' });
    const content = Buffer.from(other.image.get(last) as Buffer).fill('x', 0, 20);
    await expectReadOnly(new Map(withoutHead).set(last, content));
  });

  it('is damaged up to its end, before what was durable, where head is gone: the feed does not end as if complete', async () => {
    const long = await storeOfBytes(3_000, 4_000);
    const path = long.segments[0] as string;
    const [header = '', ...lines] = (long.image.get(path) as Buffer).toString('utf8').split('\n').slice(0, -1);
    for (let a = 0; a < lines.length; a++) {
      for (let b = a + 1; b < lines.length; b++) {
        const swapped = lines.with(a, lines[b] as string).with(b, lines[a] as string);
        const content = Buffer.from([header, ...swapped, ''].join('\n'));
        const image = withFile(long.image, headPath, () => undefined);
        await checkDamaged(new Map(image).set(path, content), long);
      }
    }
  });

  function linesIn(path: string): number {
    return (store.image.get(path) as Buffer).toString('utf8').split('\n').length - 2;
  }
});

describe('lines that are missing or out of place', () => {
  it('has two lines in each other’s places', async () => {
    for (const path of store.segments) {
      await expectReadOnly(
        withFile(store.image, path, (content) =>
          withLines(content, ([header, a, b, ...rest]) => [header, b, a, ...rest]),
        ),
      );
    }
  });

  it('has a line twice, and lacks a line', async () => {
    for (const path of store.segments) {
      await expectReadOnly(
        withFile(store.image, path, (content) => withLines(content, ([header, a, ...rest]) => [header, a, a, ...rest])),
      );
      await expectReadOnly(
        withFile(store.image, path, (content) => withLines(content, ([header, _, ...rest]) => [header, ...rest])),
      );
    }
  });

  it('has zeros, or rubbish, in place of a run of bytes', async () => {
    for (const path of store.segments) {
      const bytes = (store.image.get(path) as Buffer).length;
      for (let at = 0; at < bytes; at += 64) {
        await expectReadOnly(withFile(store.image, path, (content) => content.fill(0, at, Math.min(bytes, at + 64))));
        await expectReadOnly(
          withFile(store.image, path, (content) => content.fill('\n"x{', at, Math.min(bytes, at + 64))),
        );
      }
    }
  });

  it('goes on with rubbish behind its end: a torn tail', async () => {
    for (const rubbish of ['{', '\n', '\n\n{"streamId":"a"}\n', '\0\0x', store.lines[0] as string]) {
      const image = withFile(store.image, last, (content) => Buffer.concat([content, Buffer.from(rubbish)]));
      assert.equal((await truthfullyServed(image, store)).health.state, 'ready');
    }
  });
});

describe('data of somebody else', () => {
  /** Nothing is changed, also not by a start that is refused. */
  async function expectRefused(image: DiskImage): Promise<void> {
    const machine = machineOn(durableDirectory(image));
    await assert.rejects(machine.open(), (error) => error instanceof StartError && error.kind === 'foreign-data');
    assert.deepEqual([...machine.fileSystem.image()], [...durableMachine(image).fileSystem.image()]);
    assert.equal(machine.fileSystem.openFiles, 0);
    assert.equal(machine.isLocked, false);
  }

  it('a segment of another store', async () => {
    const foreign = encodeSegmentHeader({
      format: formatVersion,
      storeId: 'another-store',
      firstPosition: 1,
      previousChecksum: 0,
    });
    await expectRefused(withFile(store.image, first, () => foreign.bytes));
    await expectRefused(withFile(store.image, second, () => foreign.bytes));
  });

  it('a directory in the place of a segment', async () => {
    await expectRefused(new Map(store.image).set(last, undefined));
  });

  it('a store, or a segment, of a newer format', async () => {
    const newer = Buffer.from(
      `{"format":${formatVersion + 1},"storeId":"store-of-the-simulation","created":"2026-11-23T11:40:00.000Z"}\n`,
    );
    await expectRefused(withFile(store.image, storePath, () => newer));
  });

  it('a directory with files but without store.json', async () => {
    await expectRefused(withFile(store.image, storePath, () => undefined));
    await expectRefused(
      new Map([
        ['data', undefined],
        ['data/letter.txt', Buffer.from('Dear reader')],
      ]),
    );
  });

  it('a store.json that is not a store’s', async () => {
    for (const text of ['', '{', 'null', '[]', '{"format":"1"}', '{"name":"some-package","version":"1.0.0"}']) {
      await expectRefused(withFile(store.image, storePath, () => Buffer.from(text)));
    }
  });

  function durableMachine(image: DiskImage) {
    return machineOn(durableDirectory(image));
  }
});

function withLines(content: Buffer, change: (lines: string[]) => (string | undefined)[]): Buffer {
  const lines = content.toString('utf8').split('\n').slice(0, -1);
  return Buffer.from(`${change(lines).join('\n')}\n`);
}
