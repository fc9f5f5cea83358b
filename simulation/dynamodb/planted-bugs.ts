/**
 * The engine's safety rules, each left out by a small change of its source that only a simulation
 * ever loads. A simulation that does not notice such a change is not worth much.
 */
import type { PlantedBug } from '../planted/planted-bug.ts';

/** With files of the engine's `src`. */
type Omission = Omit<PlantedBug, 'scenario'>;

const transaction = 'definite-transaction.ts';
const writer = 'lanes/lane-writer.ts';

const omissions: readonly Omission[] = [
  {
    name: 'an own earlier put is taken for somebody else’s',
    caughtBy: 'I6',
    edits: [
      {
        file: 'definite-put.ts',
        find: "attempt.item.nonce === text(item, 'nonce') ? undefined : attempt.item",
        replace: 'attempt.item',
      },
    ],
  },
  {
    name: '"ours" is decided by the record number instead of the nonce',
    caughtBy: 'I6',
    edits: [{ file: transaction, find: 'nonces.includes(nonce)', replace: 'inTheWay.has(0)' }],
  },
  {
    name: 'a cancellation without reasons is taken for a loss',
    caughtBy: 'I5',
    edits: [
      {
        file: transaction,
        find: "if (nonces.length > 0) return { outcome: 'lost'",
        replace: "return { outcome: 'lost'",
      },
    ],
  },
  {
    name: 'a time-out is taken for a failure, and the append is tried anew',
    caughtBy: 'I6',
    edits: [
      {
        file: transaction,
        find: 'attempts.note(attempt);',
        replace: "attempts.note(attempt);\n      return { outcome: 'lost', inTheWay: new Map() };",
      },
    ],
  },
  {
    name: 'acknowledged before it can be read',
    caughtBy: 'I9',
    edits: [{ file: transaction, find: 'await awaitItems(world, items);', replace: 'void awaitItems;' }],
  },
  {
    name: 'an eventually consistent read of the head',
    caughtBy: 'I8',
    edits: [
      {
        file: 'read-items.ts',
        find: "{ partition, direction: 'backward', limit: 1, consistency: 'strong' }",
        replace: "{ partition, direction: 'backward', limit: 1, consistency: 'eventual' }",
      },
    ],
  },
  {
    name: 'a head inside a batch is not its end',
    caughtBy: 'I4',
    edits: [
      { file: 'read-head.ts', find: 'provenVersion(item)', replace: 'Number(item.Version ?? provenVersion(item))' },
    ],
  },
  {
    name: 'a conflict is answered from the cached head',
    caughtBy: 'I8',
    edits: [
      {
        file: writer,
        find: 'if (this.#trust.isHigh) return planBehind(append, known) ?? planByQuery(this.#world, append);',
        replace: `const { streamId } = append;
    const result = { outcome: 'version-conflict', streamId, currentVersion: known.version } as const;
    if (this.#trust.isHigh) return planBehind(append, known) ?? { step: 'answer', result };`,
      },
    ],
  },
  {
    name: 'no marker is written for ids',
    caughtBy: 'I5',
    edits: [
      {
        file: 'append/append-items.ts',
        find: 'if (eventId !== undefined && needsIdMarker(append))',
        replace: 'if (eventId === nonce && needsIdMarker(append))',
      },
    ],
  },
  {
    name: 'a part of a transaction is served',
    caughtBy: 'I4',
    edits: [
      {
        file: 'read-stream.ts',
        find: 'if (cursor.isDone()) return;',
        replace: 'if (cursor.isDone() || cursor.next > 0) return;',
      },
    ],
  },
  {
    name: 'the end of a stream is read eventually consistent',
    caughtBy: 'I9',
    edits: [
      {
        file: 'read-stream.ts',
        find: 'yield* streamItems(world, request);',
        replace: "yield* streamItems(world, { ...request, consistency: 'eventual' });",
      },
    ],
  },
  {
    name: 'a read that begins inside of an append takes its hidden end for the end of the stream',
    caughtBy: 'I9',
    edits: [
      {
        file: 'read-stream.ts',
        find: 'if (cursor.mayBeginInsideAppend()) cursor.prove(await readLast(world, request.streamId));',
        replace: 'void readLast;',
      },
    ],
  },
  {
    name: 'the feed passes over what it does not see',
    caughtBy: 'I10',
    edits: [{ file: 'read-stream.ts', find: '{ ...request, committedVersion: through }', replace: 'request' }],
  },
  {
    name: 'a record is taken before what it follows',
    caughtBy: 'I2',
    edits: [
      {
        file: 'feed/build-page.ts',
        find: 'previous === undefined || isInLog(this.page, previous)',
        replace: 'previous === undefined || isInLog(this.page, previous) || true',
      },
    ],
  },
  {
    name: 'a lane that a page does not name is taken for one that is in the log',
    caughtBy: 'I2',
    edits: [
      {
        file: 'items/log-page.ts',
        find: 'through === undefined ? lane <= mark :',
        replace: 'through === undefined ? mark > 0 :',
      },
    ],
  },
  {
    name: 'a lane that a page does not name is taken for a new one',
    caughtBy: 'I2',
    edits: [
      {
        file: 'items/log-page.ts',
        find: 'through === undefined ? lane <= mark :',
        replace: 'through === undefined ? lane < 0 :',
      },
    ],
  },
  {
    name: 'the mark passes a lane that was not looked at',
    caughtBy: 'I2',
    edits: [
      {
        file: 'feed/sequencer.ts',
        find: 'const { page, heldBack } = buildPage(before, look);',
        replace: `const { page: right, heldBack } = buildPage(before, look);
      const page = right && { ...right, mark: right.mark + 1 };`,
      },
    ],
  },
  {
    name: 'a page that was lost is taken for won',
    caughtBy: 'I10',
    edits: [
      {
        file: 'feed/sequencer.ts',
        find: 'before = other === undefined ? page : decodeLogPage(other);',
        replace: 'before = page;\n      void decodeLogPage;',
      },
    ],
  },
  {
    name: 'a record before its registry item',
    caughtBy: 'I9',
    edits: [
      {
        file: 'lanes/open-lane.ts',
        find: 'const other = await definitePut(world, encodeLaneRegistration(lane, world.random.nonce()));',
        replace:
          'const other = undefined;\n    void definitePut(world, encodeLaneRegistration(lane, world.random.nonce())).catch(() => undefined);',
      },
    ],
  },
  {
    name: 'a record number is used up by a transaction that failed',
    caughtBy: 'I2',
    edits: [
      {
        file: writer,
        find: "lane.state = 'free';\n      this.#dispatchSoon();",
        replace: "lane.state = 'free';\n      lane.advance();\n      this.#dispatchSoon();",
      },
    ],
  },
  {
    name: 'a lane goes on behind its seal',
    caughtBy: 'I2',
    edits: [
      {
        file: writer,
        find: '{\n      this.#lanes.delete(lane);\n      this.#onLaneEnd',
        replace: '{\n      lane.advance();\n      this.#onLaneEnd',
      },
    ],
  },
  {
    name: 'an event without a lane is overtaken by its successor',
    caughtBy: 'I2',
    edits: [
      {
        file: writer,
        find: 'if (head.version === 0 || head.lane !== undefined) return head;',
        replace: 'if (head.version >= 0) return head;',
      },
      {
        file: 'lanes/lane-group.ts',
        find: 'head.version === 0 || head.lane !== undefined,',
        replace: 'head.version >= 0,',
      },
    ],
  },
  {
    name: 'a run of events without a lane starts too early',
    caughtBy: 'I2',
    edits: [
      {
        file: 'lanes/late-runs.ts',
        find: 'firstVersion = Math.max(lowest, covered) + 1;',
        replace: 'firstVersion = lowest + 1;',
      },
    ],
  },
  {
    name: 'the version before is not known to exist',
    caughtBy: 'I7',
    edits: [
      {
        file: 'append/plan-append.ts',
        find: 'expectedVersion === undefined || expectedVersion === head.version + 1 ? ',
        replace: 'expectedVersion === undefined || expectedVersion > head.version ? ',
      },
      {
        file: 'lanes/lane-group.ts',
        find: 'const firstVersion = head.version + 1;',
        replace: 'const firstVersion = expectedVersion ?? head.version + 1;',
      },
    ],
  },
];

/** Edits as they are planted: files are named from the root of the repository. */
export const dynamodbBugs: readonly PlantedBug[] = omissions.map(({ edits, ...bug }) => ({
  ...bug,
  edits: edits.map((edit) => ({ ...edit, file: `packages/engine-dynamodb/src/${edit.file}` })),
  scenario: 'dynamodb-schedules',
  seeds: 400,
}));
