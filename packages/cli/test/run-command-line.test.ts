/** Arguments to exit codes, without a server: help, version, wrong usage, signals, an old Node.js. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeVersionProblem } from '../src/node-version.ts';
import { runCommandLine } from '../src/run-command-line.ts';
import { settings } from '../src/settings.ts';
import { type StopSignal, stopSignal } from '../src/stop-signal.ts';

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  const code = await runCommandLine({
    argv: ['node', 'event-store', ...args],
    env,
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    on: () => {},
    exit: () => {},
  });
  return { code, ...written };
}

test('--help prints every setting', async () => {
  const { code, stdout, stderr } = await run(['serve', '--help']);
  assert.deepEqual([code, stderr], [0, '']);
  for (const setting of Object.values(settings)) assert.ok(stdout.includes(setting.variable), setting.variable);
});

test('--version prints the version alone', async () => {
  const { code, stdout } = await run(['--version']);
  assert.equal(code, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

for (const wrong of [['--colour'], ['serve', '--prot', '1'], ['explode'], ['--port'], ['--port', 'x']]) {
  test(`${wrong.join(' ')} is 64 and one line`, async () => {
    const { code, stdout, stderr } = await run(wrong);
    assert.deepEqual([code, stdout], [64, '']);
    assert.match(stderr, /^event-store: [^\n]+\n$/);
  });
}

const commands = 'the commands are: serve, verify, repair, dynamodb';
for (const [wrong, said] of [
  [['frobnicate'], `there is no command 'frobnicate'; ${commands}`],
  [['frobnicate', 'data'], `there is no command 'frobnicate'; ${commands}`],
  [['--port', '1', 'frobnicate'], `there is no command 'frobnicate'; ${commands}`],
  [['--port', '1', 'serve'], `'serve' must come before its options; "event-store --help" lists what can be given`],
  [['serve', 'again'], `'serve' takes no arguments: 'again'; "event-store serve --help" lists what can be given`],
  [['--colour'], `unknown option '--colour'; "event-store serve --help" lists what can be given`],
  [['verify', '--colour'], `unknown option '--colour'; "event-store verify --help" lists what can be given`],
  [
    ['dynamodb', 'frobnicate'],
    `unknown command 'frobnicate'; the commands are: create-table, policy, backfill, verify`,
  ],
] as const) {
  test(`${wrong.join(' ')}: what there is is said`, async () => {
    assert.deepEqual(await run(wrong), { code: 64, stdout: '', stderr: `event-store: ${said}\n` });
  });
}

test('a DynamoDB table without its engine is 78', async () => {
  const { code, stderr } = await run([], { DYNAMODB_TABLE: 'events' });
  assert.equal(code, 78);
  assert.match(stderr, /^event-store: DYNAMODB_TABLE [^\n]+\n$/);
});

test('the first signal asks, the second one ends', async () => {
  const listeners = new Map<StopSignal, (signal: StopSignal) => void>();
  const exits: number[] = [];
  const stopped = stopSignal({
    on: (signal, listener) => listeners.set(signal, listener),
    exit: (code) => exits.push(code),
  });
  listeners.get('SIGTERM')?.('SIGTERM');
  assert.equal(await stopped, 'SIGTERM');
  assert.deepEqual(exits, []);
  listeners.get('SIGINT')?.('SIGINT');
  assert.deepEqual(exits, [130]);
});

test('an older Node.js is named', () => {
  assert.equal(nodeVersionProblem('26.10.0'), undefined);
  assert.match(nodeVersionProblem('20.20.2') ?? '', /20\.20\.2/);
});
