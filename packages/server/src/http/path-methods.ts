import { pathOf } from './stream-path.ts';

const servicePrefix = '/-/';
const consumersPrefix = '/-/consumers/';

/**
 * Which methods each path knows, gathered from the routes as they are declared. Paths are not
 * normalised: an empty segment is no stream, and under `/-/` only what is declared exists.
 */
export class PathMethods {
  readonly #methods = new Map<string, string[]>();

  add(pattern: string, methods: readonly string[]): void {
    this.#methods.set(pattern, [...(this.#methods.get(pattern) ?? []), ...methods]);
  }

  /** `undefined` where there is nothing at all. */
  of(target: string): readonly string[] | undefined {
    const pattern = patternOf(pathOf(target));
    return pattern === undefined ? undefined : this.#methods.get(pattern);
  }
}

/** The pattern of the route that a path belongs to, if there can be one. */
export function patternOf(path: string): string | undefined {
  if (path.startsWith(consumersPrefix)) return consumerPattern(path.slice(consumersPrefix.length));
  if (path === '/' || path.startsWith(servicePrefix)) return path;
  const second = path.indexOf('/', 1);
  if (second < 0) return '/:streamId';
  const isStreamAndVersion = second > 1 && second < path.length - 1 && path.indexOf('/', second + 1) < 0;
  return isStreamAndVersion ? '/:streamId/:version' : undefined;
}

/** Whether there is such a resource of a consumer is seen from what is declared. */
function consumerPattern(rest: string): string | undefined {
  const end = rest.indexOf('/');
  if (rest === '' || end === 0) return undefined;
  return `/-/consumers/:consumer${end < 0 ? '' : rest.slice(end)}`;
}
