/** The grammar of the command line: commands, flags and help, made from the list of settings. */
import { Command } from 'commander';
import { addDynamodbCommands, type DynamodbCommandsContext } from './commands/dynamodb.ts';
import { addStoreCommands, type StoreCommandsContext } from './commands/store-commands.ts';
import type { ConfigSources } from './config.ts';
import { exitCodeMeanings } from './exit-code.ts';
import { pointToHelp, refuseArguments } from './point-to-help.ts';
import { type Setting, settings } from './settings.ts';
import { ownVersion } from './version.ts';

export interface ProgramActions {
  readonly print: (text: string) => void;
  readonly serve: (flags: ConfigSources['flags']) => Promise<void>;
  readonly store: StoreCommandsContext;
  readonly dynamodb: DynamodbCommandsContext;
}

export function createProgram({ print, serve, store, dynamodb }: ProgramActions): Command {
  const program = new Command('event-store')
    .description('Stores events and serves them over HTTP.')
    .version(ownVersion())
    .configureOutput({ writeOut: print, writeErr: () => {} })
    .showSuggestionAfterError(false)
    .addHelpText('after', '\nWithout a command it serves; "event-store serve --help" lists the settings.');
  const command = program.command('serve', { isDefault: true }).description('run the store until SIGTERM or SIGINT');
  for (const setting of all) {
    if (setting.flag !== undefined) command.option(`${setting.flag} <value>`, description(setting));
  }
  command.addHelpText('after', afterHelp());
  command.allowExcessArguments().action((flags: ConfigSources['flags']) => {
    refuseArguments(program, command);
    return serve(flags);
  });
  addStoreCommands(program, store);
  addDynamodbCommands(program, dynamodb);
  pointToHelp(program);
  return program;
}

const all: readonly Setting<unknown>[] = Object.values(settings);

function description(setting: Setting<unknown>): string {
  const standard = setting.default === undefined ? '' : ` (default ${setting.default})`;
  return `${setting.description}${standard} [${setting.variable}]`;
}

function afterHelp(): string {
  const variables = all.filter(({ flag }) => flag === undefined);
  return [
    '',
    'Each flag can be given as the environment variable in brackets; flags win. Variables only:',
    ...table(variables.map((setting) => [setting.variable, setting.description])),
    '',
    'Exit codes:',
    ...table(exitCodeMeanings.map(([code, meaning]) => [String(code), meaning])),
  ].join('\n');
}

function table(rows: readonly (readonly [name: string, text: string])[]): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
}
