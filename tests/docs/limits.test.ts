/** The page of limits has every limit with its number, as `core` has it and as a server answers. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorTitles, limits } from '@event-store/core';
import { requestTimeouts } from '../../packages/server/src/http/create-http-server.ts';
import { serveIn, startedStore } from '../support/store.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { codeIn, onlyCodeIn, readPage, tableRows } from './markdown.ts';

const page = readPage('docs/reference/limits.md');
const rows = tableRows(page, ['name', 'limit', 'beyond it']);
const documented = Object.fromEntries(
  rows.map(({ name, limit }) => [onlyCodeIn(name), Number(limit.replaceAll(',', ''))]),
);

test('the page of limits and the code agree', () => {
  assert.equal(rows.length, Object.keys(documented).length, 'no limit stands twice');
  assert.deepEqual(documented, { ...limits });
});

test('the page of limits and the server agree on times', () => {
  const times = tableRows(page, ['what', 'how long, how many']).map((row) => row['how long, how many']);
  const { headMs, requestMs, stallMs } = requestTimeouts;
  assert.deepEqual(
    times.slice(0, 3),
    [headMs, requestMs, stallMs].map((milliseconds) => `${milliseconds / 1_000} s`),
  );
});

test('a server answers the limits of the page', async (context) => {
  const { url } = await startedStore(context, { args: serveIn(join(temporaryDirectory(context), 'data')) });
  assert.deepEqual(await (await fetch(`${url}/-/limits`)).json(), documented);
});

test('codes on the page of limits exist', () => {
  const codes = rows.flatMap((row) => codeIn(row['beyond it']));
  assert.deepEqual(
    codes.filter((code) => !(code in errorTitles)),
    [],
  );
});
