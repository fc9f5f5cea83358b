/** One request and its answer, whole, or the reason why there is none. */
import { type Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Question {
  readonly method?: string;
  /** As it is sent. */
  readonly path: string;
  readonly accept?: string;
  readonly body?: string;
  /** Goes away as soon as everything was sent. */
  readonly leaves?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** There is no answer. Whether the request arrived is not known, unless it was refused. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** Nobody listened, so it certainly did not arrive. */
  readonly wasRefused: boolean;

  constructor(cause: NodeJS.ErrnoException) {
    super(cause.code ?? cause.message);
    this.wasRefused = cause.code === 'ECONNREFUSED';
  }
}

const answerMsMax = 20_000;

/** @throws NoAnswer */
export function exchange(url: string, agent: Agent, question: Question): Promise<Answer> {
  const { method = 'GET', path, accept, body, leaves = false } = question;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const headers = {
    ...(accept !== undefined && { accept }),
    ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
  };
  const fail = (error: Error) => reject(new NoAnswer(error));
  const outgoing = request(url, { method, path, agent, headers }, (incoming) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', fail);
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
    });
  });
  outgoing.setTimeout(answerMsMax, () => outgoing.destroy(new Error(`nothing for ${answerMsMax} ms`)));
  outgoing.on('error', fail);
  outgoing.end(body, () => {
    if (leaves) outgoing.destroy(new Error('left'));
  });
  return promise;
}

/** The path of a stream, or of one of its versions. */
export function pathOf(streamId: string, version?: number): string {
  const path = `/${encodeURIComponent(streamId)}`;
  return version === undefined ? path : `${path}/${version}`;
}
