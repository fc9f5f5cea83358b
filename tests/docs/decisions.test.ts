/** Each decision is in the list under its own title, and says what the matter was and what follows. */
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { readPage } from './markdown.ts';

const folder = 'docs/decisions';
const list = readPage(`${folder}/README.md`);

for (const path of globSync(`${folder}/*.md`).filter((each) => basename(each) !== 'README.md')) {
  test(`${path} is a decision, and in the list`, () => {
    const page = readPage(path);
    const title = /^# (.+)\n/.exec(page)?.[1] ?? '';
    assert.ok(list.includes(`[${title}](${basename(path)})`), `no [${title}](${basename(path)}) in the list`);
    const parts = [...page.matchAll(/^\*\*(\w+)\.\*\* /gm)].map(([, part]) => part);
    assert.deepEqual(parts, ['Context', 'Decision', 'Consequences']);
  });
}
