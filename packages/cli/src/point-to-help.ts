/** Whoever mistypes is told what there is: the commands by name, everything else by the help that lists it. */
import { type Command, CommanderError } from 'commander';

/** For a command and all below it. */
export function pointToHelp(command: Command, path = command.name()): void {
  command.exitOverride((error) => {
    if (error.exitCode === 0) throw error;
    throw new CommanderError(error.exitCode, error.code, `${error.message.replace(/\.$/, '')}; ${hint(error)}`);
  });
  for (const each of command.commands) pointToHelp(each, `${path} ${each.name()}`);

  function hint({ code }: CommanderError): string {
    if (code === unknownCommand) return `the commands are: ${command.commands.map((each) => each.name()).join(', ')}`;
    return `"${path} --help" lists what can be given`;
  }
}

/**
 * For the command that runs when none is named, which takes no arguments: what stands in its place
 * is the name of another command, mistyped.
 */
export function refuseArguments(program: Command, command: Command): void {
  const [first] = command.args;
  if (first === undefined) return;
  if (program.args[0] === command.name()) command.error(`error: '${command.name()}' takes no arguments: '${first}'`);
  const isKnown = program.commands.some((each) => each.name() === first);
  if (isKnown) program.error(`error: '${first}' must come before its options`);
  program.error(`error: there is no command '${first}'`, { code: unknownCommand });
}

/** Commander's own code. */
const unknownCommand = 'commander.unknownCommand';
