/** What pages say of how to run `event-store` in a clone of the repository can be typed as it stands. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { stoppedStore } from '../support/stopped-store.ts';
import { readPage } from './markdown.ts';

const pagesWithCommands = [
  'docs/guides/damage-and-repair.md',
  'docs/guides/dynamodb.md',
  'docs/reference/configuration.md',
];
const commands = /`npm run event-store -- ([^`]+)`/g;

test('each page that shows the command says how it is run in a clone', () => {
  for (const page of pagesWithCommands) assert.notEqual(readPage(page).search(commands), -1, page);
});

test('what pages type in a clone works', async (context) => {
  const data = await stoppedStore(context);
  const texts = ['README.md', ...globSync('docs/**/*.md')].map(readPage).join('\n');
  const shown = new Set([...texts.matchAll(commands)].map(([, words = '']) => words));
  assert.notEqual(shown.size, 0);
  const env = { ...process.env, DYNAMODB_TABLE: 'events', AWS_REGION: 'eu-central-1' };
  for (const words of shown) {
    const args = words.split(' ').map((word) => (word === 'data' ? data : word));
    const { status, stderr } = spawnSync('npm', ['run', 'event-store', '--', ...args], { env, encoding: 'utf8' });
    assert.equal(status, 0, `${words}: ${stderr}`);
  }
});

test('a command that lays out what is shipped tells in one line how it is used', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/pack.ts'], { encoding: 'utf8' });
  assert.deepEqual([status, stderr.match(/\n/g)?.length], [64, 1]);
  assert.match(stderr, /^usage: npm run pack -- DIRECTORY/);
});
