/** What could be wrong with the embedded engine’s answers: order, atomicity, identity, what readers see. */
import type { PlantedBug } from './planted-bug.ts';

const source = 'packages/engine-log/src';
const engine = `${source}/log-engine.ts`;
const scenario = 'crashes';

export const engineLogAnswerBugs: readonly PlantedBug[] = [
  {
    name: 'a position is given before the order of commits is fixed',
    edits: [
      {
        file: `${source}/append/commit-queue.ts`,
        find: 'return { position: encoder.tip.position,',
        replace: 'return { position: this.#durable.position + append.events.length,',
      },
    ],
    caughtBy: 'I3',
    scenario,
  },
  {
    name: 'a conflict is checked against a stale head',
    edits: [
      {
        file: engine,
        find: 'this.#parts.view.recent.streamVersion(streamId) ??',
        replace: 'this.#parts.view.recent.streamVersion(streamId, this.#parts.view.durable().position) ??',
      },
    ],
    caughtBy: 'I1',
    scenario,
  },
  {
    name: 'a conflict names the wrong version',
    edits: [
      {
        file: 'packages/core/src/decide-append.ts',
        find: "return { outcome: 'version-conflict', streamId, currentVersion };",
        replace: "return { outcome: 'version-conflict', streamId, currentVersion: currentVersion + 1 };",
      },
    ],
    caughtBy: 'I8',
    scenario,
  },
  {
    name: 'a conflict is answered before what it depends on is durable',
    edits: [
      {
        file: engine,
        find: 'await queue.settled;\n',
        replace: 'if (decision.step === "compare") await queue.settled;\n',
      },
    ],
    caughtBy: 'I8',
    scenario,
  },
  {
    name: 'half a batch is visible',
    edits: [
      {
        file: `${source}/read/log-view.ts`,
        find: 'recent.streamVersion(streamId, durable().position)',
        replace: 'recent.streamVersion(streamId, durable().position + 1)',
      },
    ],
    caughtBy: 'I4',
    scenario,
  },
  {
    name: 'a read before it is durable',
    edits: [
      {
        file: `${source}/append/commit-queue.ts`,
        find: 'get durable(): LogTip {\n    return this.#durable;',
        replace: 'get durable(): LogTip {\n    return this.#hasFailed ? this.#durable : this.#options.encoder.tip;',
      },
    ],
    caughtBy: 'I10',
    scenario,
  },
  {
    name: 'a duplicate after a restart',
    edits: [
      {
        file: `${source}/index/entries-of.ts`,
        find: 'entry: { streamId, version, id, place }',
        replace: 'entry: { streamId, version, id: id && undefined, place }',
      },
    ],
    caughtBy: 'I5',
    scenario,
  },
  {
    name: 'a duplicate when two retries race',
    edits: [
      {
        file: engine,
        find: 'return this.#parts.view.recent.versionOfId(streamId, id) ??',
        replace: 'return',
      },
    ],
    caughtBy: 'I5',
    scenario,
  },
  {
    name: 'a retry is answered with another position',
    edits: [
      {
        file: 'packages/core/src/decide-append.ts',
        find: 'const position = byVersion.get(version)?.event.position;',
        replace: 'const position = byVersion.get(firstVersion)?.event.position;',
      },
    ],
    caughtBy: 'I15',
    scenario,
  },
  {
    name: 'a rejected append is stored',
    edits: [
      {
        file: engine,
        find: 'await queue.settled;\n',
        replace:
          "if (decision.step === 'answer') queue.add(append, this.#acceptedVersion(streamId) + 1);\n    await queue.settled;\n",
      },
    ],
    caughtBy: 'I6',
    scenario,
  },
  {
    name: 'an expected version is only a lower bound',
    edits: [
      {
        file: 'packages/core/src/decide-append.ts',
        find: 'expectedVersion !== undefined && expectedVersion !== headVersion + 1',
        replace: 'expectedVersion !== undefined && expectedVersion > headVersion + 1',
      },
    ],
    caughtBy: 'I7',
    scenario,
  },
  {
    name: 'time goes back',
    edits: [
      {
        file: `${source}/append/log-encoder.ts`,
        find: 'Math.max(this.#options.clock.now(), this.#tip.timeMs)',
        replace: 'this.#options.clock.now()',
      },
    ],
    caughtBy: 'I13',
    scenario,
  },
  {
    name: 'a filter eats an event',
    edits: [
      {
        file: `${source}/read/line-filter.ts`,
        find: 'if (this.#passes(lines, start, end)) yield { start, end };',
        replace: 'if (this.#passes(lines, start, end) && (start === 0 || end !== lines.length)) yield { start, end };',
      },
    ],
    caughtBy: 'I11',
    scenario,
  },
  {
    name: 'a read of the feed begins one too late',
    edits: [
      {
        file: `${source}/read/read-feed.ts`,
        find: 'const dropped = startOfLine(block.lines, position - first);',
        replace: 'const dropped = startOfLine(block.lines, position > 3 ? position - first + 1 : position - first);',
      },
    ],
    caughtBy: 'P-04',
    scenario,
  },
];
