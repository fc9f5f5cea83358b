/** The parts of a request while it is put together. */
export interface RequestParts {
  readonly stream: string;
  method: string;
  target: string;
  version: string;
  headers: string[];
  body: string | undefined;
  /** How the body is framed; `none` where a fault brings framing of its own. */
  framing: 'length' | 'chunked' | 'none';
  statuses: readonly number[];
  closes: boolean;
}
