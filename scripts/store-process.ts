import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import manifest from '../package.json' with { type: 'json' };

/** What `npm start` gives to Node.js, without the command at its end. */
const words = manifest.scripts.start.split(' ');
const startWords = words.slice(words.indexOf('node') + 1, -1);

/** A store in a process of its own, as a user runs it, that has said that it is ready. */
export interface StoreProcess {
  readonly url: string;
  readonly port: number;
  readonly processId: number;
  /** Fulfils when the process has ended, however it did. */
  readonly ended: Promise<Ended>;
  /** Sends a signal and tells how the process ended. */
  end(signal: NodeJS.Signals): Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export interface StoreCommand {
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** What Node.js is to run, with its own options; if not given, the same as `npm start`. */
  readonly program?: readonly string[];
  /** What starts Node.js, with its arguments, if something else is to. */
  readonly launcher?: readonly string[];
}

/** Starts the command and waits until it is ready; fails with what it printed if it ends before. */
export async function startStore(command: StoreCommand): Promise<StoreProcess> {
  const child = spawnStore(command);
  const ended = endOf(child);
  const line = await Promise.race([readyLine(child), ended]);
  if ('code' in line) throw new Error(`the store ended with ${line.code ?? line.signal}: ${line.stderr}`);
  return {
    url: line.url,
    port: Number(new URL(line.url).port),
    processId: line.pid,
    ended,
    end(signal) {
      if (child.exitCode === null && child.signalCode === null) signalTo(line.pid, signal);
      return ended;
    },
  };
}

/** Runs the command to its end; tells what it printed. */
export async function runStore(command: StoreCommand): Promise<Ended & { readonly stdout: string }> {
  const child = spawnStore(command);
  const [ended, stdout] = await Promise.all([endOf(child), text(child.stdout as NonNullable<ChildProcess['stdout']>)]);
  return { ...ended, stdout };
}

/** The environment is the caller's, without the settings of a store. */
function spawnStore(command: StoreCommand): ChildProcess {
  const { args, environment = {}, program = startWords, launcher = [] } = command;
  const inherited = Object.entries(process.env).filter(([name]) => !settingNames.test(name));
  const env = { ...Object.fromEntries(inherited), ...environment };
  const [file = '', ...rest] = [...launcher, process.execPath, ...program, ...args];
  return spawn(file, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

const settingNames = /^(PORT|HOST|EVENT_STORE_|DYNAMODB_|AWS_)/;

/** What something else started may have ended already, although its starter has not. */
function signalTo(processId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(processId, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

interface ReadyLine {
  readonly url: string;
  readonly pid: number;
}

/** The log goes on being read, so that the store never waits for its reader. */
async function readyLine(child: ChildProcess): Promise<ReadyLine> {
  const { promise, resolve } = Promise.withResolvers<ReadyLine>();
  createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> }).on('line', (line) => {
    const entry = JSON.parse(line);
    if (typeof entry.url === 'string') resolve(entry);
  });
  return promise;
}

async function endOf(child: ChildProcess): Promise<Ended> {
  const [[code, signal], stderr] = await Promise.all([
    once(child, 'close'),
    text(child.stderr as NonNullable<ChildProcess['stderr']>),
  ]);
  return { code, signal, stderr };
}
