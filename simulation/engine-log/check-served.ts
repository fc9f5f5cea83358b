/**
 * Checks all that a store serves against what its clients know: everything that was acknowledged
 * or seen is there, what is there was sent, whole and once, and all ways to read it agree.
 */
import { parseStreamId, type StorageEngine } from '@event-store/core';
import { hold } from '../violation.ts';
import type { ClientKnowledge, SentAppend } from './client-knowledge.ts';
import { feedLines, parseLine, type StoredLine, streamLines } from './history.ts';
import { sampleAppend } from './sample-appends.ts';

/**
 * Reads everything, checks it, and notes it as seen.
 *
 * @param isStart whether a process has just started: what was unknown and is not there then, is not stored.
 */
export async function checkServed(
  engine: StorageEngine,
  knowledge: ClientKnowledge,
  { isStart }: { readonly isStart: boolean },
): Promise<void> {
  const lines = await feedLines(engine);
  const events = lines.map(parseLine);
  checkFeed(events, knowledge);
  for (const [position, line] of knowledge.seen) {
    hold('I10', lines[position - 1] === line, () => `position ${position} was ${line} and is ${lines[position - 1]}`);
  }
  await checkStreams(engine, lines, events);
  checkTold(events, knowledge);
  for (const [index, line] of lines.entries()) knowledge.seen.set(index + 1, line);
  knowledge.filteredReads.length = 0;
  if (isStart) settleUnknown(events, knowledge);
}

/** Positions, versions and times; each append that is there is one that was sent, whole, and once. */
function checkFeed(events: readonly StoredLine[], { sent }: ClientKnowledge): void {
  const versions = new Map<string, number>();
  const names = new Set<string>();
  for (let at = 0; at < events.length; ) {
    const first = events[at] as StoredLine;
    const [name] = nameOf(first);
    const append = sent.get(name);
    hold(
      'P-03',
      append !== undefined && append.state !== 'new',
      () => `position ${first.position} holds ${name}, which nobody sent`,
    );
    hold('I5', !names.has(name), () => `${name} is stored twice`);
    names.add(name);
    checkAppend(events, at, append);
    const firstVersion = (versions.get(first.streamId) ?? 0) + 1;
    hold('I1', first.version === firstVersion, () => `${first.streamId} goes on with ${first.version}`);
    const { events: count = 1 } = append.sample;
    versions.set(first.streamId, firstVersion + count - 1);
    at += count;
  }
  for (const [name, { state, told }] of sent) {
    hold(
      'I3',
      state !== 'stored' || names.has(name),
      () => `${name} was acknowledged at ${told?.position}, and is gone`,
    );
  }
}

function checkAppend(events: readonly StoredLine[], at: number, { sample, state, told }: SentAppend): void {
  const { name, expectedVersion } = sample;
  const proposed = sampleAppend(sample).streams[0]?.events ?? [];
  const { version: firstVersion, time: before = '' } = events[at] as StoredLine;
  for (const [index, { type, data, id, metadata }] of proposed.entries()) {
    const event = events[at + index];
    hold('I4', event !== undefined, () => `${name} ends after ${index} of ${proposed.length} events`);
    hold('I2', event.position === at + index + 1, () => `position ${event.position} stands at ${at + index + 1}`);
    const [foundName, foundIndex] = nameOf(event);
    hold('I4', foundName === name && foundIndex === index, () => `${name} is broken off by ${foundName}/${foundIndex}`);
    hold('I1', event.version === firstVersion + index, () => `${name} has version ${event.version}`);
    hold('I4', (event.commit ?? event.position) === at + proposed.length, () => `${name} is committed elsewhere`);
    const isSame = event.streamId === sample.streamId && event.type === type && event.data === data && event.id === id;
    hold('I3', isSame && (event.metadata === undefined) === (metadata === undefined), () => `${name} is not as sent`);
    const last = events[at + index - 1]?.time ?? before;
    hold('I13', (event.time ?? '') >= last, () => `time goes back from ${last} to ${event.time}`);
  }
  hold('I6', state !== 'refused', () => `${name} was refused, and is there`);
  hold('I9', state !== 'absent', () => `${name} was not there, and is now`);
  hold('I7', (expectedVersion ?? firstVersion) === firstVersion, () => `${name} expected ${expectedVersion}`);
  if (told === undefined) return;
  const isThere = told.position === at + proposed.length && told.firstVersion === firstVersion;
  hold('I3', isThere, () => `${name} was told ${JSON.stringify(told)} and ends at ${at + proposed.length}`);
}

/** Streams, their versions and their list are what the feed says. */
async function checkStreams(engine: StorageEngine, lines: readonly string[], events: readonly StoredLine[]) {
  const streams = Map.groupBy(lines.keys(), (index) => (events[index] as StoredLine).streamId);
  for (const [streamId, indexes] of streams) {
    const expected = indexes.map((index) => lines[index]);
    const served = await streamLines(engine, streamId);
    hold('I2', served.join('\n') === expected.join('\n'), () => `${streamId} is not what the feed has of it`);
    const version = await engine.streamVersion(parseStreamId(streamId));
    hold('I2', version === indexes.length, () => `${streamId} says ${version} and has ${indexes.length}`);
  }
  const listed = await engine.listStreams({ prefix: '', after: '', limit: 1_000 });
  const isComplete =
    listed.length === streams.size && listed.every((each) => streams.get(each.streamId)?.length === each.version);
  hold('I2', isComplete, () => `the list of streams says ${JSON.stringify(listed)}`);
}

/** What conflicts and filtered reads said of the history. */
function checkTold(events: readonly StoredLine[], { versions, filteredReads }: ClientKnowledge): void {
  for (const { streamId, version } of versions) {
    if (version === 0) continue;
    const event = events.find((each) => each.streamId === streamId && each.version === version);
    hold('I8', event !== undefined, () => `${streamId} was said to have version ${version}`);
    hold(
      'I4',
      (event.commit ?? event.position) === event.position,
      () => `a conflict showed a part of ${nameOf(event)[0]}`,
    );
  }
  for (const { after, through, passes, positions } of filteredReads) {
    const expected = events.slice(after, through).filter(passes);
    const isSame =
      expected.length === positions.length && expected.every(({ position }, index) => position === positions[index]);
    hold('I11', isSame, () => `a filter from ${after} to ${through} gave ${positions}`);
  }
}

function settleUnknown(events: readonly StoredLine[], { sent }: ClientKnowledge): void {
  const ends = new Map(events.map((event) => [nameOf(event)[0], event]));
  for (const [name, append] of sent) {
    if (append.state !== 'unknown') continue;
    const end = ends.get(name);
    if (end === undefined) {
      sent.set(name, { ...append, state: 'absent' });
      continue;
    }
    const { position, version } = end;
    const firstVersion = version - (append.sample.events ?? 1) + 1;
    sent.set(name, { ...append, state: 'stored', told: { firstVersion, version, position } });
  }
}

/** The name of the append that an event is of, and its place in it. */
function nameOf({ data }: StoredLine): readonly [name: string, index: number] {
  const text = Buffer.from(data, 'base64').toString('latin1').replace(/\.+$/, '');
  const cut = text.lastIndexOf('/');
  return [text.slice(0, cut), Number(text.slice(cut + 1))];
}
