/** The guide to damage shows what the commands print, and knows every kind of finding. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { test } from 'node:test';
import { findingKinds } from '../../packages/engine-log/src/verify/finding.ts';
import { firstSegment, flipByte, stoppedStore } from '../support/stopped-store.ts';
import { codeBlocks, onlyCodeIn, readPage, tableRows } from './markdown.ts';

const page = readPage('docs/guides/damage-and-repair.md');

test('every kind of finding is explained, and no other', () => {
  const kinds = tableRows(page, ['kind', 'what it is']).map(({ kind }) => onlyCodeIn(kind));
  assert.deepEqual(kinds.toSorted(), [...findingKinds].toSorted());
});

test('what the guide shows is what happens', async (context) => {
  const data = await stoppedStore(context);
  flipByte(`${data}/${firstSegment}`, '"data":"Mg=="');
  const main = resolve('packages/cli/src/main.ts');
  const command = `event-store() { ${process.execPath} --conditions=source ${main} "$@"; }`;
  const blocks = codeBlocks(page);
  const exitCodes = [65, 65, 0, 0];
  for (const [index, block] of blocks.entries()) {
    if (block.language !== 'sh') continue;
    if (block.text.includes('> data/store.json')) rmSync(`${data}/store.json`);
    const { stdout, status } = spawnSync('bash', ['-c', `${command}\n${block.text}`], {
      cwd: dirname(data),
      encoding: 'utf8',
    });
    assert.equal(status, exitCodes.shift(), stdout);
    const shown = blocks[index + 1];
    if (shown?.language === 'text') assert.equal(stdout, shown.text);
  }
  assert.deepEqual(exitCodes, []);
  execFileSync(process.execPath, ['--conditions=source', main, 'verify', data]);
});
