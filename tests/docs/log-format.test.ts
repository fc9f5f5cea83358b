/** The page of the log's format is true of the golden data directories: its example, its reader, its `jq`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { codeBlocks, codeIn, onlyCodeIn, readPage, tableRows } from './markdown.ts';

const goldenOf = (format: number) => `packages/engine-log/golden/format-${format}`;
/** The one that the examples are of. */
const golden = goldenOf(2);
const page = readPage('docs/internals/log-format.md');
const blocks = codeBlocks(page);

function block(language: string): string {
  const [first] = blocks.filter((each) => each.language === language);
  assert.ok(first !== undefined, `the page has a block of ${language}`);
  return first.text;
}

const hex = (checksum: number) => checksum.toString(16).padStart(8, '0');
const segments = readdirSync(join(golden, 'log')).sort();
const events = readFileSync(`${goldenOf(1)}-events.ndjson`, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

function withoutEngineFields(line: string): unknown {
  const { commit, synced, crc32: digits, ...event } = JSON.parse(line);
  return event;
}

function digitsOf(line: string): number {
  return Number.parseInt(JSON.parse(line).crc32, 16);
}

test('the worked example is the beginning of the golden log, and its checksums are right', () => {
  const example = block('ndjson');
  const name = segments[0] as string;
  assert.ok(readFileSync(join(golden, 'log', name), 'utf8').startsWith(example));
  const [first = '', second = ''] = example.split('\n').map((line) => `${line}\n`);
  const { segment } = JSON.parse(first);
  const [headerDigits, digits] = [digitsOf(first), digitsOf(second)];
  const salted = `${segment.storeId}/${name}`;
  const salt = crc32(salted);
  const steps: readonly (readonly [bytes: string, from: number])[] = [
    [salted, 0],
    [first.slice(0, -11), 0],
    [first.slice(-11), headerDigits ^ salt],
    [second.slice(0, -11), crc32(first.slice(-11), (headerDigits ^ salt) >>> 0)],
    [second.slice(-11), digits ^ salt],
  ];
  const rows = tableRows(page, ['bytes', 'CRC-32 goes on from', 'and is then']);
  assert.deepEqual(
    rows.map((row) => [codeIn(row['CRC-32 goes on from'])[0], codeIn(row['and is then'])[0]]),
    steps.map(([bytes, from]) => [hex(from >>> 0), hex(crc32(bytes, from >>> 0))]),
  );
  const [ofSalt, ofHeader, , ofLine] = rows;
  assert.equal(onlyCodeIn(ofSalt?.bytes ?? ''), salted);
  assert.equal(onlyCodeIn(ofHeader?.['and is then'] ?? ''), hex(headerDigits));
  assert.equal(Number.parseInt(onlyCodeIn(ofLine?.['and is then'] ?? ''), 16) >>> 0, (digits ^ salt) >>> 0);
});

test('the lost line and the slot of head are those of the golden directory', () => {
  const [lost = '', head = ''] = blocks.filter(({ language }) => language === 'json').map(({ text }) => text.trim());
  const log = segments.map((name) => readFileSync(join(golden, 'log', name), 'utf8')).join('');
  assert.ok(log.includes(`\n${lost}\n`));
  const { storeId, ...fields } = JSON.parse(head);
  const slot = readFileSync(join(golden, 'head'), 'utf8').split('\n')[0] as string;
  assert.deepEqual(JSON.parse(slot), { ...fields, storeId: JSON.parse(slot).storeId });
});

for (const format of [1, 2]) {
  test(`the reader on the page reads the golden directory of format ${format}, and stops at damage`, (context) => {
    const directory = temporaryDirectory(context);
    const program = join(directory, 'reader.mjs');
    writeFileSync(program, block('js'));
    const read = (data: string) => spawnSync(process.execPath, [program, data], { encoding: 'utf8' });
    const whole = read(goldenOf(format));
    assert.equal(whole.status, 0, whole.stderr);
    assert.deepEqual(whole.stdout.trimEnd().split('\n').map(withoutEngineFields), events);
    const copy = join(directory, 'copy');
    for (const name of segments) {
      cpSync(goldenOf(format), copy, { recursive: true });
      const content = readFileSync(join(goldenOf(format), 'log', name));
      content.write('x', content.length - 40);
      writeFileSync(join(copy, 'log', name), content);
      assert.equal(read(copy).status, 1, name);
    }
  });
}

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
