/** Why a store did not start, as far as the user can mend it. The command line maps each to an exit code. */
export type StartErrorKind =
  /** An unknown option or a bad value. */
  | 'usage'
  /** The data is of a newer format, or not ours. */
  | 'foreign-data'
  /** There is no store where one was to be. */
  | 'no-store'
  /** The port is taken or cannot be bound. */
  | 'cannot-listen'
  /** The data directory cannot be created, or is a file. */
  | 'cannot-create'
  /** Another process owns the data directory. */
  | 'in-use'
  /** Permission denied. */
  | 'no-permission'
  /** The configuration contradicts itself or the outside world. */
  | 'configuration';

/** Thrown while starting, before anything is served; the message is one line that says what to do. */
export class StartError extends Error {
  readonly kind: StartErrorKind;

  constructor(kind: StartErrorKind, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'StartError';
    this.kind = kind;
  }
}
