/** A small store that was stopped in good order, and ways to damage it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { append, serveIn, startedStore } from './store.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export const firstSegment = 'log/00000000000000000001.ndjson';

export function countedEvent(n: number) {
  return { type: 'Counted', data: Buffer.from(`${n}`).toString('base64'), id: `id-${n}` };
}

/** The data directory: the streams "one", with three events, and "two", with two of one append. */
export async function stoppedStore(context: TestContext): Promise<string> {
  const data = join(temporaryDirectory(context), 'data');
  const store = await startedStore(context, { args: serveIn(data) });
  for (let n = 1; n <= 3; n++) await append(`${store.url}/one`, countedEvent(n));
  await append(`${store.url}/two`, [countedEvent(4), countedEvent(5)]);
  await store.end('SIGTERM');
  return data;
}

/** Changes one bit where `text` first stands in a file. */
export function flipByte(path: string, text: string): void {
  const content = readFileSync(path);
  const at = content.indexOf(text);
  content[at] = (content[at] as number) ^ 1;
  writeFileSync(path, content);
}
