/**
 * The store of the golden data directory: everything that the format has, in a few kilobytes. Made
 * on a simulated machine, so that it is the same bytes every time.
 */
import { type AppendRequest, type ProposedEvent, parseStreamId } from '@event-store/core';
import { machineOn } from '../../../../simulation/engine-log/simulated-machine.ts';
import { type DiskImage, durableDirectory } from '../../../../simulation/file-system/simulated-directory.ts';
import { readTrailer, trailerBytes } from '../../src/format/checksum.ts';
import { encodeLostLine } from '../../src/format/lost-line.ts';
import { decodeSegmentHeader } from '../../src/format/segment-header.ts';
import { segmentSalt } from '../../src/format/segment-salt.ts';
import { encodeStoreFile } from '../../src/format/store-file.ts';

/** The event that is replaced by a lost line. */
export const lostEvent = { position: 5, streamId: 'account-1', version: 4 };

function event(type: string, data: string, more: Partial<ProposedEvent> = {}): ProposedEvent {
  return { type, data: Buffer.from(data).toString('base64'), id: undefined, metadata: undefined, ...more };
}

function append(streamId: string, ...events: ProposedEvent[]): AppendRequest {
  return { streams: [{ streamId: parseStreamId(streamId), expectedVersion: undefined, events }] };
}

const appends: readonly AppendRequest[] = [
  append('account-1', event('AccountCreated', '{"owner":"Ada"}', { id: 'b0a3c1d2-0001' })),
  append(
    'account-1',
    event('AmountDeposited', '{"amount":10000}', {
      id: 'b0a3c1d2-0002',
      metadata: '{"correlationId":"c-1","retries":0}',
    }),
    event('AmountDeposited', '{"amount":250}', { id: 'b0a3c1d2-0003' }),
  ),
  append('account-2', event('AccountCreated', '')),
  append('account-1', event('AmountWithdrawn', '{"amount":1}')),
  append('a/b c/é/😀/"quoted"\\back', event('Größe "geändert"\u2028\u0085', '\u0000\u00ff', { id: 'x:1.2_3-4' })),
  append(
    'account-2',
    event('Noted', 'one', {
      metadata: '{"text":"\\"position\\":99,\\u2028 \\u0085 ü","list":[1,-0.5,1e+21,null,true,{}]}',
    }),
    event('Noted', 'two'),
    event('Noted', 'three', { metadata: '{}' }),
  ),
  append('__proto__', event('constructor', 'x'.repeat(300))),
  append('account-1', event('AccountClosed', '{}', { id: 'b0a3c1d2-0004' })),
];

const storeId = '6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506';

/** The files of the store, as this format has them, by path below the data directory. */
export async function goldenStore(format: number): Promise<DiskImage> {
  const store = { format, storeId, created: '2026-11-23T11:40:00.000Z' };
  const made = durableDirectory(
    new Map([
      ['data', undefined],
      ['data/store.json', encodeStoreFile(store)],
    ]),
  );
  const machine = machineOn(made, { segmentBytes: 700 });
  const engine = await machine.open();
  for (const each of appends) {
    await engine.append(each);
    await machine.pass(60);
  }
  await engine.close();
  const files = [...machine.fileSystem.image()].filter(([path, content]) => path !== 'data' && content !== undefined);
  return new Map(files.map(([path, content]) => [path.replace('data/', ''), withLostLine(content as Buffer)]));
}

function withLostLine(content: Buffer): Buffer {
  const field = content.indexOf(`"position":${lostEvent.position},`);
  if (field < 0) return content;
  const start = content.lastIndexOf('\n', field) + 1;
  const end = content.indexOf('\n', field) + 1;
  const checksum = readTrailer(content, end - trailerBytes);
  const header = decodeSegmentHeader(content);
  if (checksum === undefined || header === undefined) throw new Error('the line that is to be lost has no digits');
  const line = encodeLostLine({ ...lostEvent, checksum }, segmentSalt(header, header.firstPosition));
  return Buffer.concat([content.subarray(0, start), line, content.subarray(end)]);
}
