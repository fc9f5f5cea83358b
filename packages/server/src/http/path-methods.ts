import { pathOf } from './stream-path.ts';

const servicePrefix = '/-/';

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
  if (path === '/' || path.startsWith(servicePrefix)) return path;
  const second = path.indexOf('/', 1);
  if (second < 0) return '/:streamId';
  const isStreamAndVersion = second > 1 && second < path.length - 1 && path.indexOf('/', second + 1) < 0;
  return isStreamAndVersion ? '/:streamId/:version' : undefined;
}
