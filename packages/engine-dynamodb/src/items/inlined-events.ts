/**
 * Small events stand in the lane record that names them as well, while the last KB that it is
 * charged for has room: whoever reads the record need not read them where they are.
 *
 *     inlined: [["account-1",5,"MoneyMoved","eyJ…","2026-…Z","the id","{…}"]]
 *
 * Stream id, version, type, data and time; the client's id and the metadata where there are any.
 */
import { utf8Bytes } from '@event-store/core';
import { itemBytes } from '../item-bytes.ts';
import { type Item, integer, partitionKey, sortKey, text } from '../table.ts';

const name = 'inlined';

/** DynamoDB charges by these. */
const unitBytes = 1_024;

/** The record with as many of these events as cost nothing. */
export function inlineEvents(record: Item, events: readonly Item[]): Item {
  const bytes = itemBytes(record);
  let room = unitBytes * Math.ceil(bytes / unitBytes) - bytes - name.length - '[]'.length;
  const printed: string[] = [];
  for (const event of events) {
    const line = printEvent(event);
    const lineBytes = utf8Bytes(line) + ','.length;
    if (lineBytes > room) continue;
    room -= lineBytes;
    printed.push(line);
  }
  return printed.length === 0 ? record : { ...record, [name]: `[${printed.join(',')}]` };
}

/** The events that a record holds, as far as clients see them. */
export function inlinedEvents(record: Item): readonly Item[] {
  const printed = record[name];
  return typeof printed === 'string' ? (JSON.parse(printed) as PrintedEvent[]).map(parseEvent) : [];
}

type PrintedEvent = [
  streamId: string,
  version: number,
  type: string,
  data: string,
  time: string,
  id?: string | null,
  metadata?: string,
];

function printEvent(event: Item): string {
  const { id, metadata } = event;
  const own = [text(event, partitionKey), integer(event, sortKey), text(event, 'Event Type'), text(event, 'Data')];
  const optional = metadata === undefined ? (id === undefined ? [] : [id]) : [id ?? null, metadata];
  return JSON.stringify([...own, text(event, 'time'), ...optional]);
}

function parseEvent([streamId, version, type, data, time, id, metadata]: PrintedEvent): Item {
  return {
    [partitionKey]: streamId,
    [sortKey]: version,
    'Event Type': type,
    Data: data,
    time,
    ...(id != null && { id }),
    ...(metadata !== undefined && { metadata }),
  };
}
