/**
 * What the pages show is what happens: each page's `curl` commands and programs are run in order
 * against a store of their own, and what stands below one is compared with what it printed.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { serveIn, startedStore } from '../support/store.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { type CodeBlock, codeBlocks, readPage } from './markdown.ts';

interface Example {
  readonly command: CodeBlock;
  /** What the page says that it prints; nothing where the page does not show it. */
  readonly shown: CodeBlock | undefined;
}

/** What runs the code of a language, handed over as the last argument. */
const interpreters: ReadonlyMap<string, readonly string[]> = new Map([
  ['sh', ['sh', '-ec']],
  ['js', [process.execPath, '--input-type=module', '--eval']],
]);

const pages = ['README.md', ...globSync('docs/{*,concepts/*,reference/*}.md').toSorted()];
const hasCurl = spawnSync('curl', ['--version']).status === 0;

for (const page of pages) {
  const examples = examplesOf(readPage(page));
  if (examples.length === 0) continue;
  test(`what ${page} shows is what happens`, { skip: !hasCurl && 'SKIPPED (there is no curl)' }, async (context) => {
    const { url } = await startedStore(context, { args: serveIn(join(temporaryDirectory(context), 'data')) });
    for (const { command, shown } of examples) {
      const [file, ...args] = interpreters.get(command.language) ?? [];
      const code = command.text.replaceAll('http://localhost:3000', url);
      const { status, stdout, stderr } = spawnSync(file ?? '', [...args, code], { encoding: 'utf8' });
      const place = `${page}:${command.line}`;
      assert.equal(status, 0, `${place}: ${stderr}`);
      if (shown !== undefined) assertShown({ shown, printed: stdout, place });
    }
  });
}

test('the first screen of the README starts the store, appends and reads', () => {
  const [start, append, , read] = codeBlocks(readPage('README.md'));
  assert.equal(start?.text, 'npm ci && npm start\n');
  assert.match(append?.text ?? '', /^curl http:\/\/localhost:3000\/[\w-]+ -d '/);
  assert.match(read?.text ?? '', /^curl http:\/\/localhost:3000\/[\w-]+\n$/);
});

test('the scripts that pages name are there', () => {
  const { scripts } = JSON.parse(readPage('package.json'));
  const texts = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', ...globSync('docs/**/*.md')]
    .map(readPage)
    .join('\n');
  const named = [...texts.matchAll(/\bnpm (?:run ([a-z:-]+)|(start|test))\b/g)].map(
    ([, script, short]) => script ?? short,
  );
  assert.deepEqual(
    [...new Set(named)].filter((name) => name === undefined || !(name in scripts)),
    [],
  );
});

/** Blocks of code that ask the store, each with the block below it if that is an answer. */
function examplesOf(page: string): readonly Example[] {
  const blocks = codeBlocks(page);
  return blocks.flatMap((command, index) => {
    if (!interpreters.has(command.language) || !command.text.includes('http://localhost:3000')) return [];
    const next = blocks[index + 1];
    return [{ command, shown: next !== undefined && !interpreters.has(next.language) ? next : undefined }];
  });
}

function assertShown({ shown, printed, place }: { shown: CodeBlock; printed: string; place: string }): void {
  const expected = shown.text.trim();
  if (shown.language !== 'http') {
    assertBody({ expected, printed, place });
    return;
  }
  const [expectedHead = '', expectedBody = ''] = expected.split('\n\n');
  const [head = '', body = ''] = printed.split('\r\n\r\n');
  const lines = head.split('\r\n');
  for (const line of expectedHead.split('\n')) assert.ok(lines.includes(line), `${place}: no "${line}" in\n${head}`);
  assertBody({ expected: expectedBody, printed: body, place });
}

/** JSON documents one behind the other, or text. */
function assertBody({ expected, printed, place }: { expected: string; printed: string; place: string }): void {
  if (!expected.startsWith('{')) {
    assert.equal(printed.trim(), expected, place);
    return;
  }
  const keepsEngineFields = expected.includes('"crc32"');
  const compared = (text: string) =>
    documentsIn(text).map((document) =>
      JSON.parse(document, (name, value) =>
        isEngineField(name) && !keepsEngineFields ? undefined : stable(name, value),
      ),
    );
  assert.deepEqual(compared(printed), compared(expected), place);
}

function isEngineField(name: string): boolean {
  return name === 'commit' || name === 'synced' || name === 'crc32';
}

/** A value, or its form where it is another one each time. */
function stable(name: string, value: unknown): unknown {
  if (isTimeField(name)) return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(`${value}`) ? 'a time' : value;
  if (name === 'crc32') return /^[0-9a-f]{8}$/.test(`${value}`) ? 'a checksum' : value;
  if (name === 'epoch') return /^[\w-]{12}$/.test(`${value}`) ? 'an epoch' : value;
  if (name === 'lagSeconds') return typeof value === 'number' && value >= 0 ? 'some time' : value;
  return value;
}

function isTimeField(name: string): boolean {
  return name === 'time' || name === 'createdAt' || name === 'movedAt';
}

/** Between two members of one document there would be a comma. */
function documentsIn(text: string): readonly string[] {
  return text.trim().split(/(?<=\})\s*(?=\{)/);
}
