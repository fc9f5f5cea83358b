/**
 * From arguments to an exit code. Whatever goes wrong is one line on stderr, never a stack. The
 * server is loaded only to serve, so that help and mistakes are answered at once.
 */
import { StartError } from '@event-store/core';
import { CommanderError } from 'commander';
import { connectionsMax, descriptorsMax, type ProcessReport } from './connections-max.ts';
import { createProgram } from './create-program.ts';
import { exitCodeOf } from './exit-code.ts';
import type { SignalSource } from './stop-signal.ts';

/** The part of its process that the command line needs. */
export interface CommandLineContext extends SignalSource {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin?: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean };
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { readonly isTTY?: boolean; write(text: string): unknown };
  /** What the process knows of its bounds. */
  readonly report?: ProcessReport;
}

export async function runCommandLine(context: CommandLineContext): Promise<number> {
  const print = (text: string) => void context.stdout.write(text);
  const printProgress = (text: string) => void context.stderr.write(text);
  const program = createProgram({
    print,
    store: {
      print,
      environment: context.env,
      printProgress: context.stderr.isTTY ? printProgress : undefined,
      ask: context.stdin?.isTTY ? (question) => ask(context, question) : undefined,
    },
    dynamodb: { print, environment: context.env, printProgress },
    async serve(flags) {
      const { serve } = await import('./serve.ts');
      const bounds = { connectionsMax: connectionsMax(descriptorsMax(context.report)) };
      await serve({ flags, environment: context.env, signals: context, ...bounds });
    },
  });
  try {
    await program.parseAsync(context.argv.slice(2), { from: 'user' });
    return 0;
  } catch (thrown) {
    const error = ownError(thrown);
    if (error === undefined) return 0;
    context.stderr.write(`event-store: ${firstLine(error)}\n`);
    return exitCodeOf(error);
  }
}

/** The first line that is typed. */
async function ask({ stdin, stderr }: CommandLineContext, question: string): Promise<string> {
  stderr.write(question);
  let typed = '';
  for await (const chunk of stdin ?? []) {
    typed += Buffer.from(chunk).toString('utf8');
    if (typed.includes('\n')) break;
  }
  return typed.split('\n', 1)[0] ?? '';
}

/** Commander throws for a wrong usage, and also once it has printed what was asked for. */
function ownError(thrown: unknown): unknown {
  if (!(thrown instanceof CommanderError)) return thrown;
  if (thrown.exitCode === 0) return undefined;
  return new StartError('usage', thrown.message.replace(/^error: /, ''), { cause: thrown });
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? '';
}
