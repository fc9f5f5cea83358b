/**
 * Group commit. While one group is written and synced, the appends that arrive are encoded into
 * the next; group n+1 is never written before group n is durable.
 *
 *     append ─> encode into the last open group          ┐ repeated while
 *     run:  close first group ─> write ─> sync ─> settle ┘ there are groups
 */
import type { Clock, StreamAppend } from '@event-store/core';
import { isRefusedAsFull, notWritten, outcomeUnknown } from '../failed-write.ts';
import type { LogWriter } from '../segment/log-writer.ts';
import type { Group } from './group.ts';
import type { LogEncoder } from './log-encoder.ts';
import type { LogTip } from './log-tip.ts';
import type { RecentEvents } from './recent-events.ts';

export interface CommitQueueOptions {
  readonly clock: Clock;
  readonly encoder: LogEncoder;
  readonly recent: RecentEvents;
  readonly writer: LogWriter;
  /** Runs an action once what has already arrived was handled, so that it joins the same group: a turn later. */
  readonly defer: (action: () => void) => void;
  /** Fulfils when the index is not too far behind. */
  readonly indexRoom: () => Promise<void>;
  /** Called when a group is durable and its appends are answered. */
  readonly committed: (group: Group, syncSeconds: number) => void;
  /** Called when groups were refused; `isFinal` when nothing can be appended any more. */
  readonly refused: (error: unknown, isFinal: boolean) => void;
}

/** A group is closed once it has so many bytes, so that nobody waits for a very long write. */
const groupBytesMax = 1024 * 1024;

/** Clients that were answered together come back together, but not in one turn. */
const gatherTurnsMax = 8;

/** With so much room on the disk, appends are worth a try. */
const probeBytes = 64 * 1024;

export class CommitQueue {
  readonly #options: CommitQueueOptions;
  /** In the order of writing; the last may be open, the first may be on its way to the disk. */
  readonly #groups: Group[] = [];
  #durable: LogTip;
  #bytes = 0;
  /** The loop, or a probe: whoever writes. */
  #running: Promise<void> | undefined;
  #hasFailed = false;

  constructor(options: CommitQueueOptions) {
    this.#options = options;
    this.#durable = options.encoder.tip;
  }

  /** The end of what may be read. */
  get durable(): LogTip {
    return this.#durable;
  }

  /** Bytes that are encoded and not yet durable. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Fulfils when everything accepted so far is durable; rejects when it was refused. */
  get settled(): Promise<void> {
    return this.#groups.at(-1)?.settled ?? Promise.resolve();
  }

  /** Adds an append at the end of the log; the promise is that of its group. */
  add(append: StreamAppend, firstVersion: number): { readonly position: number; readonly settled: Promise<void> } {
    const { encoder, recent } = this.#options;
    const group = this.#openGroup();
    const bytesBefore = group.bytes;
    for (const event of encoder.encode(group, append, firstVersion)) recent.add(event);
    this.#bytes += group.bytes - bytesBefore;
    this.#start();
    return { position: encoder.tip.position, settled: group.settled };
  }

  /** Tries whether the disk takes something, while nothing else is written. */
  async hasRoom(): Promise<boolean> {
    if (this.#running !== undefined || this.#hasFailed) return false;
    const probe = this.#options.writer.hasRoom(probeBytes).catch((error: unknown) => {
      this.#refuse(error);
      return false;
    });
    this.#running = probe.then(() => this.#run());
    return probe;
  }

  /** Fulfils when nothing is written any more. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  #openGroup(): Group {
    const last = this.#groups.at(-1);
    if (last && !last.isClosed && last.bytes < groupBytesMax && !this.#options.encoder.isSegmentFull) return last;
    const group = this.#options.encoder.openGroup();
    this.#groups.push(group);
    return group;
  }

  #start(): void {
    this.#running ??= this.#gather().then(() => this.#run());
  }

  /** Lets the first group grow for as long as every turn of the event loop brings more to it. */
  async #gather(): Promise<void> {
    for (let turn = 1; turn <= gatherTurnsMax && this.#bytes < groupBytesMax; turn++) {
      const bytesBefore = this.#bytes;
      await new Promise<void>((resolve) => this.#options.defer(resolve));
      if (this.#bytes === bytesBefore) return;
    }
  }

  async #run(): Promise<void> {
    const { clock, indexRoom, writer } = this.#options;
    for (let group = this.#groups[0]; group !== undefined; group = this.#groups[0]) {
      let startMs = 0;
      try {
        await indexRoom();
        group.isClosed = true;
        startMs = clock.monotonicMs();
        await writer.write(group);
      } catch (error) {
        this.#refuse(error);
        continue;
      }
      this.#commit(group, (clock.monotonicMs() - startMs) / 1000);
    }
    this.#running = undefined;
  }

  #commit(group: Group, syncSeconds: number): void {
    this.#groups.shift();
    this.#bytes -= group.bytes;
    this.#durable = group.end;
    group.settle();
    this.#options.committed(group, syncSeconds);
  }

  /** Nothing behind the durable end became part of the log. */
  #refuse(error: unknown): void {
    const { encoder, recent, refused } = this.#options;
    const groups = this.#groups.splice(0);
    this.#bytes = 0;
    recent.takeBack(
      groups.flatMap(({ appends }) => appends),
      this.#durable.position,
    );
    encoder.reset(this.#durable);
    const isFull = isRefusedAsFull(error);
    this.#hasFailed = !isFull;
    refused(error, !isFull);
    const [first, ...others] = groups;
    first?.refuse(isFull ? error : outcomeUnknown('append', error));
    for (const group of others) group.refuse(isFull ? error : notWritten('append', error));
  }
}
