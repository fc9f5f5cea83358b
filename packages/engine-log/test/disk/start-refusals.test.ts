/** Directories in which no store can be: refused with the reason, and nothing is changed. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { StartError, type StartErrorKind } from '@event-store/core';
import { openLogEngine } from '@event-store/engine-log';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function expectRefused(directory: string, kind: StartErrorKind): Promise<void> {
  await assert.rejects(openLogEngine({ directory }), (error) => error instanceof StartError && error.kind === kind);
}

test('the parent is missing, or a file', async (context) => {
  const parent = temporaryDirectory(context);
  await expectRefused(join(parent, 'missing', 'data'), 'cannot-create');
  writeFileSync(join(parent, 'file'), 'Dear reader');
  await expectRefused(join(parent, 'file', 'data'), 'cannot-create');
  assert.deepEqual(readdirSync(parent), ['file']);
});

test('the directory is a file', async (context) => {
  const file = join(temporaryDirectory(context), 'data');
  writeFileSync(file, 'Dear reader');
  await expectRefused(file, 'cannot-create');
  assert.equal(readFileSync(file, 'utf8'), 'Dear reader');
});

test('somebody else’s files are in it, at the top or in log', async (context) => {
  const directory = temporaryDirectory(context);
  writeFileSync(join(directory, 'letter.txt'), 'Dear reader');
  await expectRefused(directory, 'foreign-data');
  assert.deepEqual(readdirSync(directory), ['letter.txt']);
  const other = temporaryDirectory(context);
  mkdirSync(join(other, 'log'));
  writeFileSync(join(other, 'log', 'today.txt'), 'GET /');
  await expectRefused(other, 'foreign-data');
  assert.deepEqual(readdirSync(other), ['log']);
});

test('an empty directory is taken, and a new one is the owner’s alone', async (context) => {
  const empty = temporaryDirectory(context);
  await (await openLogEngine({ directory: empty })).close();
  const made = join(temporaryDirectory(context), 'data');
  await (await openLogEngine({ directory: made })).close();
  assert.equal(statSync(made).mode & 0o777, 0o700);
  assert.equal(statSync(join(made, 'log')).mode & 0o777, 0o700);
});
