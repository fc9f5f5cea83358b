/** Damage to the consumers' file is named, or changes nothing: it is never served as something else. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { EventStoreError, parseConsumerName } from '@event-store/core';
import { SimulatedFileSystem } from '../../../../simulation/file-system/simulated-file-system.ts';
import {
  type Consumers,
  contentOf,
  directory,
  emptyNotes,
  type LifeNotes,
  live,
  openOn,
  path,
} from './consumer-life.ts';

const imagePath = path.slice(1);

async function storedFile(notes: LifeNotes): Promise<Buffer> {
  const fileSystem = new SimulatedFileSystem();
  await fileSystem.makeDirectory(directory);
  await fileSystem.syncDirectory('/');
  await live(fileSystem, notes);
  const content = fileSystem.image().get(imagePath);
  assert.ok(content !== undefined);
  return content;
}

/** What is served of a file; `undefined` when it is reported as damaged, and nothing is. */
async function served(content: Buffer): Promise<Consumers | undefined> {
  const fileSystem = SimulatedFileSystem.holding(
    new Map([
      [directory.slice(1), undefined],
      [imagePath, content],
    ]),
  );
  const opened = await openOn(fileSystem);
  const isDamaged = opened.notices.some((notice) => notice.includes('is damaged: byte'));
  if (!isDamaged) return contentOf(opened);
  const name = parseConsumerName('a');
  for (const use of [
    () => opened.consumers.read(name),
    () => opened.consumers.list({ after: '', limit: 1 }),
    () => opened.consumers.write({ name, expectedRevision: 0, state: '{}' }),
  ]) {
    await assert.rejects(use, (error) => error instanceof EventStoreError && error.code === 'engine-unavailable');
  }
  await opened.close();
  assert.ok(fileSystem.image().get(imagePath)?.equals(content), 'a damaged file is left as it is');
  return undefined;
}

describe('a damaged consumers file', () => {
  const notes = emptyNotes();
  let file: Buffer;
  let whole: Consumers;
  before(async () => {
    file = await storedFile(notes);
    whole = notes.states.at(-1) ?? {};
  });

  it('is served as it was when it is not', async () => assert.deepEqual(await served(file), whole));

  it('with any bit changed is reported, or the same: after a clean stop nothing can look torn off', async () => {
    let reported = 0;
    for (let bit = 0; bit < file.length * 8; bit++) {
      const changed = Buffer.from(file);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const found = await served(changed);
      if (found === undefined) reported++;
      else assert.deepEqual(found, whole, `bit ${bit}`);
    }
    const markBits = 8 * (file.length - file.lastIndexOf('\n', file.length - 2) - 1);
    assert.equal(reported, file.length * 8 - markBits);
  });

  it('cut anywhere is reported, or as it was at some time', async () => {
    for (let bytes = 1; bytes < file.length; bytes++) {
      const found = await served(file.subarray(0, bytes));
      if (found === undefined) continue;
      assert.ok(
        notes.states.some((each) => isSame(each, found)),
        `${bytes} bytes: ${JSON.stringify(found)}`,
      );
    }
  });

  it('with lines lost, doubled or swapped is reported, or as it was at some time', async () => {
    const lines = file.toString('latin1').split(/(?<=\n)/);
    for (let index = 0; index + 1 < lines.length; index++) {
      const [line = '', next = ''] = lines.slice(index);
      for (const replaced of [[next], [line, line, next], [next, line]]) {
        const found = await served(Buffer.from(lines.toSpliced(index, 2, ...replaced).join(''), 'latin1'));
        assert.ok(found === undefined || isSame(found, whole), `line ${index}`);
      }
    }
  });

  it('of another store, or of a format to come, is reported', async () => {
    assert.equal(await served(Buffer.from('{}\n')), undefined);
    assert.equal(
      await served(Buffer.from(file.toString('latin1').replace('simulation', 'imitation!'), 'latin1')),
      undefined,
    );
  });
});

function isSame(one: Consumers, other: Consumers): boolean {
  try {
    assert.deepEqual(one, other);
    return true;
  } catch {
    return false;
  }
}
