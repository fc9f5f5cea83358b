/** A server that is sent hostile bytes, and what is asked of it beside them. */
import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';

export class TargetServer {
  readonly url: string;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(url: string) {
    this.url = url;
  }

  /** Fulfils when the server has looked at everything that was sent before; fails if it serves no more. */
  async seen(): Promise<void> {
    await this.read('/-/health/live');
  }

  /** Everything that is stored: the events of each stream, in their order. */
  async streams(): Promise<ReadonlyMap<string, readonly string[]>> {
    const lines = (await this.read('/-/events', 'application/x-ndjson')).split('\n').filter((line) => line !== '');
    const streams = new Map<string, string[]>();
    for (const line of lines) {
      const { streamId, version, type, data, id, metadata } = JSON.parse(line);
      const events = streams.get(streamId) ?? [];
      events.push(JSON.stringify([version, type, data, id, metadata]));
      streams.set(streamId, events);
    }
    return streams;
  }

  /** The content at a path; fails if the answer is not 200. */
  read(path: string, accept = '*/*'): Promise<string> {
    return new Promise((resolve, reject) => {
      const asked = get(this.url + path, { agent: this.#agent, headers: { accept } }, (response) => {
        text(response).then((content) => {
          if (response.statusCode === 200) resolve(content);
          else reject(new Error(`${path}: ${response.statusCode} ${content}`));
        }, reject);
      });
      asked.on('error', reject);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
