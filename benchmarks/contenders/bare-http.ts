import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { answerShape, appendLoad } from '../load/append-load.ts';
import type { Appends, Contender } from './contender.ts';

const program = fileURLToPath(new URL('./bare-http-server.ts', import.meta.url));

/** The most that any server on `node:http` can reach: it reads and answers the same and stores nothing. */
export const bareHttp: Contender<Appends> = {
  name: 'bare node:http',
  promise: 'nothing: the event is parsed and forgotten',
  async start() {
    const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = await once(child.stdout, 'data');
    const url = `http://127.0.0.1:${Number(line)}`;
    return {
      processId: child.pid as number,
      versions: { node: process.versions.node },
      append: (load) => appendLoad(url, load),
      answerShape: () => answerShape(url),
      async stop() {
        child.stdin.end();
        await once(child, 'exit');
      },
    };
  },
};
