/** The parsers of what clients say about durable consumers: from JSON text to something checked. */
import { type ErrorCode, EventStoreError } from './errors.ts';
import { type Limits, limits } from './limits.ts';
import { parseJson } from './parse-json.ts';
import { fitsUtf8, hasControlCharacter } from './text.ts';

/** Where a new consumer starts: behind a position, or behind what is there when it is made. */
export type ConsumerStart = 'beginning' | 'end' | number;

/** What a consumer is made of; it does not change as long as the consumer lives. */
export interface ConsumerDefinition {
  readonly start: ConsumerStart;
  /** Sorted, each once; absent where every type is wanted. */
  readonly types?: readonly string[];
  readonly streamPrefix?: string;
}

/** To where a reader has come. */
export interface CheckpointMove {
  readonly position: number;
  /** Only if this is still the consumer's epoch. */
  readonly epoch: string | undefined;
  /** Whether it may go backwards, which begins a new epoch. */
  readonly reset: boolean;
}

/**
 * Parses the definition of a consumer; without a start it is the beginning.
 *
 * @throws EventStoreError `invalid-consumer`, `unknown-field`, `invalid-json`, `json-too-deep`.
 */
export function parseConsumerDefinition(json: string, { filterTypesMax }: Limits = limits): ConsumerDefinition {
  const { start = 'beginning', types, streamPrefix } = parseFields(json, 'invalid-consumer', definitionFields);
  if (start !== 'beginning' && start !== 'end' && !isPosition(start)) {
    throw refused('invalid-consumer', 'start', 'is "beginning", "end" or a position');
  }
  if (streamPrefix !== undefined && !isText(streamPrefix, limits.streamIdBytesMax)) {
    throw refused('invalid-consumer', 'streamPrefix', 'is the beginning of a stream id');
  }
  return {
    start,
    ...(types !== undefined && { types: parseTypes(types, filterTypesMax) }),
    ...(streamPrefix !== undefined && streamPrefix !== '' && { streamPrefix }),
  };
}

/**
 * Parses the move of a checkpoint.
 *
 * @throws EventStoreError `invalid-checkpoint`, `unknown-field`, `invalid-json`, `json-too-deep`.
 */
export function parseCheckpointMove(json: string): CheckpointMove {
  const { position, epoch, reset = false } = parseFields(json, 'invalid-checkpoint', moveFields);
  if (!isPosition(position)) throw refused('invalid-checkpoint', 'position', 'is a whole number from 0');
  if (epoch !== undefined && typeof epoch !== 'string') throw refused('invalid-checkpoint', 'epoch', 'is a string');
  if (typeof reset !== 'boolean') throw refused('invalid-checkpoint', 'reset', 'is true or false');
  return { position, epoch, reset };
}

const definitionFields = ['start', 'types', 'streamPrefix'];
const moveFields = ['position', 'epoch', 'reset'];

function parseFields(json: string, code: ErrorCode, fields: readonly string[]): Record<string, unknown> {
  const body = parseJson(json, limits.jsonDepthMax);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new EventStoreError(code, `The body is a JSON object with ${fields.join(', ')}.`, {
      details: { pointer: '' },
    });
  }
  const unknown = Object.keys(body).find((field) => !fields.includes(field));
  if (unknown !== undefined) {
    const pointer = `/${unknown.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    throw new EventStoreError('unknown-field', `The fields are ${fields.join(', ')}.`, { details: { pointer } });
  }
  return { ...body };
}

function parseTypes(value: unknown, typesMax: number): readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isEventType)) {
    throw refused('invalid-consumer', 'types', 'is a list of event types, and left out where every type is wanted');
  }
  const types = [...new Set<string>(value)].sort();
  if (types.length <= typesMax) return types;
  throw new EventStoreError('invalid-consumer', `"types" has at most ${typesMax} types.`, {
    details: { pointer: '/types', limit: typesMax },
  });
}

function isEventType(value: unknown): boolean {
  return value !== '' && isText(value, limits.eventTypeBytesMax);
}

function isText(value: unknown, bytesMax: number): value is string {
  return typeof value === 'string' && value.isWellFormed() && fitsUtf8(value, bytesMax) && !hasControlCharacter(value);
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function refused(code: ErrorCode, field: string, what: string): EventStoreError {
  return new EventStoreError(code, `"${field}" ${what}.`, { details: { pointer: `/${field}` } });
}
