/** The page of the log's format is true of the golden data directory: its example, its reader, its `jq`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { codeBlocks, codeIn, readPage, tableRows } from './markdown.ts';

const golden = 'packages/engine-log/golden/format-1';
const page = readPage('docs/internals/log-format.md');
const blocks = codeBlocks(page);

function block(language: string): string {
  const [first] = blocks.filter((each) => each.language === language);
  assert.ok(first !== undefined, `the page has a block of ${language}`);
  return first.text;
}

const hex = (checksum: number) => checksum.toString(16).padStart(8, '0');
const segments = readdirSync(join(golden, 'log')).sort();
const events = readFileSync(`${golden}-events.ndjson`, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

function withoutEngineFields(line: string): unknown {
  const { commit, synced, crc32: digits, ...event } = JSON.parse(line);
  return event;
}

test('the worked example is the beginning of the golden log, and its checksums are right', () => {
  const example = block('ndjson');
  assert.ok(readFileSync(join(golden, 'log', segments[0] as string), 'utf8').startsWith(example));
  const [first = '', second = ''] = example.split('\n').map((line) => `${line}\n`);
  const bytes = [first.slice(0, -11), first, first + second.slice(0, -11), first + second];
  const column = 'running CRC-32 over all of them so far';
  const claimed = tableRows(page, ['bytes', column]).map((row) => codeIn(row[column])[0]);
  assert.deepEqual(
    bytes.map((text) => hex(crc32(text))),
    claimed,
  );
  assert.deepEqual([claimed[0], claimed[2]], [JSON.parse(first).crc32, JSON.parse(second).crc32]);
});

test('the lost line and the slot of head are those of the golden directory', () => {
  const [lost = '', head = ''] = blocks.filter(({ language }) => language === 'json').map(({ text }) => text.trim());
  const log = segments.map((name) => readFileSync(join(golden, 'log', name), 'utf8')).join('');
  assert.ok(log.includes(`\n${lost}\n`));
  const { storeId, ...fields } = JSON.parse(head);
  const slot = readFileSync(join(golden, 'head'), 'utf8').split('\n')[0] as string;
  assert.deepEqual(JSON.parse(slot), { ...fields, storeId: JSON.parse(slot).storeId });
});

test('the reader on the page reads the golden directory, and stops at damage', (context) => {
  const directory = temporaryDirectory(context);
  const program = join(directory, 'reader.mjs');
  writeFileSync(program, block('js'));
  const read = (data: string) => spawnSync(process.execPath, [program, data], { encoding: 'utf8' });
  const whole = read(golden);
  assert.equal(whole.status, 0, whole.stderr);
  assert.deepEqual(whole.stdout.trimEnd().split('\n').map(withoutEngineFields), events);
  const copy = join(directory, 'copy');
  for (const name of segments) {
    cpSync(golden, copy, { recursive: true });
    const content = readFileSync(join(golden, 'log', name));
    content.write('x', content.length - 40);
    writeFileSync(join(copy, 'log', name), content);
    assert.equal(read(copy).status, 1, name);
  }
});

test('each line of a sealed segment is JSON by itself', () => {
  const lines = segments.flatMap((name) =>
    readFileSync(join(golden, 'log', name), 'utf8')
      .split('\n')
      .slice(0, -1),
  );
  const found = lines.filter((line) => JSON.parse(line).streamId !== undefined).map(withoutEngineFields);
  assert.deepEqual(found, events);
});

test('jq reads a sealed segment', (context) => {
  const [first = ''] = segments;
  const command = block('sh').replace('data/log', join(golden, 'log'));
  const { error } = spawnSync('jq', ['--version']);
  if (error !== undefined) return context.skip('jq is not installed');
  const found = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  assert.equal(found.status, 0, found.stderr);
  const count = readFileSync(join(golden, 'log', first), 'utf8').split('\n').length - 2;
  const expected = events.slice(0, count).map(({ position, streamId, version, type, data }) => {
    const text = Buffer.from(data, 'base64').toString('utf8');
    return [position, streamId, version, type, text].join('\t');
  });
  assert.deepEqual(found.stdout.trimEnd().split('\n'), expected);
});
