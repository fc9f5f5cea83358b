/** The page of metrics has the names, kinds and labels that a started store answers, whatever its engine. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDynamodbEngine } from '@event-store/engine-dynamodb';
import { startServer } from '@event-store/server';
import { createTable, startDynoxide } from '../../packages/engine-dynamodb/test/emulator.ts';
import { append, serveIn, startedStore } from '../support/store.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { codeIn, onlyCodeIn, readPage, sections, tableRows } from './markdown.ts';

const page = readPage('docs/reference/metrics.md');
const columns = ['name', 'kind', 'labels'] as const;

test('the page of metrics and the server agree', async (context) => {
  const { url } = await startedStore(context, { args: serveIn(join(temporaryDirectory(context), 'data')) });
  await expectDocumented(url, { without: 'The DynamoDB engine' });
});

test('the page of metrics and the server agree over DynamoDB', async (context) => {
  const emulator = await startDynoxide();
  context.after(() => emulator.stop());
  const table = await createTable(emulator);
  const options = { host: '127.0.0.1', port: 0, productVersion: 'test', logLevel: 'silent' } as const;
  const server = await startServer(options, async (observer) => openDynamodbEngine({ ...table, observer }));
  try {
    await expectDocumented(server.url, { without: 'The embedded engine' });
  } finally {
    await server.stop();
  }
});

/** The page, without what it says of the other engine. */
async function expectDocumented(url: string, { without }: { readonly without: string }): Promise<void> {
  const other = sections(page, 2).get(without);
  assert.ok(other !== undefined, without);
  const rows = tableRows(page.replace(other, ''), columns);
  await append(`${url}/stream`, { type: 'Noted', data: '' });
  await fetch(`${url}/-/consumers/a`, { method: 'PUT', body: '{}' });
  const text = await (await fetch(`${url}/-/metrics`)).text();
  const served = new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, kind]) => [name, kind]));
  const documented = new Map(rows.map(({ name, kind }) => [onlyCodeIn(name), kind]));
  const expected = [...documented].filter(([name]) => served.has(name) || !isOfTheSystem(name));
  assert.deepEqual(new Map(expected.toSorted()), new Map([...served].toSorted()));
  for (const { name, labels } of rows) {
    const given = labelsOf(onlyCodeIn(name), text);
    if (given !== undefined) assert.deepEqual(codeIn(labels).toSorted(), given, name);
  }
}

/** Not every system has all figures of its processes. */
function isOfTheSystem(name: string): boolean {
  return name.startsWith('process_') && process.platform !== 'linux';
}

/** The labels of the first sample with this name, if there is one; buckets of histograms are no labels. */
function labelsOf(name: string, text: string): readonly string[] | undefined {
  const sample = new RegExp(`^${name}(?:_count)?(?:\\{(.*)\\})? `, 'm').exec(text);
  return sample === null
    ? undefined
    : [...(sample[1] ?? '').matchAll(/(\w+)="/g)].map(([, label = '']) => label).toSorted();
}
