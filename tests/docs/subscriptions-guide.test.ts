/**
 * What the guides to subscriptions and consumers show is what happens. Their programs do not end by
 * themselves: each is run until it has printed what the page shows, and then stopped.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { serveIn, startedStore } from '../support/store.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { codeBlocks, readPage } from './markdown.ts';

const shownOn = { 'docs/guides/subscriptions.md': 6, 'docs/guides/consumers.md': 6 } as const;

const interpreters: ReadonlyMap<string, readonly string[]> = new Map([
  ['sh', ['sh', '-ec']],
  ['js', [process.execPath, '--experimental-eventsource', '--no-warnings', '--input-type=module', '--eval']],
]);

for (const [page, expectedCount] of Object.entries(shownOn)) {
  test(`what ${page} shows is what happens`, { timeout: 60_000 }, async (context) => {
    const { url } = await startedStore(context, { args: serveIn(join(temporaryDirectory(context), 'data')) });
    const blocks = codeBlocks(readPage(page));
    let shownCount = 0;
    for (const [index, { language, text, line }] of blocks.entries()) {
      const interpreter = interpreters.get(language);
      if (interpreter === undefined) continue;
      const next = blocks[index + 1];
      const shown = next === undefined || interpreters.has(next.language) ? undefined : next.text;
      const program = start(context, [...interpreter, text.replaceAll('http://localhost:3000', url)]);
      if (shown === undefined) assert.deepEqual(await once(program, 'close'), [0, null], `${page}:${line}`);
      else await untilPrinted(program, { shown: stable(shown), place: `${page}:${line}` });
      if (shown !== undefined) shownCount++;
    }
    assert.equal(shownCount, expectedCount);
  });
}

function start(context: TestContext, [file = '', ...args]: readonly string[]): ChildProcess {
  const program = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  context.after(() => stop(program));
  return program;
}

/** With what it started: a shell may have curl as its child. */
function stop({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
}

async function untilPrinted(program: ChildProcess, expected: { shown: string; place: string }): Promise<void> {
  let printed = '';
  let errors = '';
  program.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = () => {
    if (stable(printed).startsWith(expected.shown)) resolve();
    else if (!expected.shown.startsWith(stable(printed)) && printed.endsWith('\n')) reject(difference());
  };
  const difference = () => new Error(`${expected.place} printed\n${printed}\n${errors}\nand not\n${expected.shown}`);
  program.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk;
    look();
  });
  program.once('close', () => (stable(printed).startsWith(expected.shown) ? resolve() : reject(difference())));
  await promise;
  stop(program);
}

/** Text without what differs each time: times, fields of the engine, the layout of JSON. */
function stable(text: string): string {
  return text
    .replaceAll(/"(time|createdAt|movedAt|epoch)":\s*"[^"]+"/g, '"$1":"…"')
    .replaceAll(/"lagSeconds":\s*[\d.]+/g, '"lagSeconds":…')
    .replaceAll(/,"(commit|synced)":\d+|,"crc32":"[0-9a-f]{8}"/g, '')
    .replaceAll(/(?<=[[\]{},:"])\s+(?=[[\]{}",\d\w])|(?<=[\]}\d\w"])\s+(?=[\]}])/g, '')
    .trim();
}
