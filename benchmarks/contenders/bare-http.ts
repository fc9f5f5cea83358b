import { appendBody } from '../load/sample-event.ts';
import { wrk } from '../load/wrk.ts';
import { answerShape } from './answer-shape.ts';
import { type Appends, appendMeasurement, type Contender, type ServesHttp } from './contender.ts';
import { startNodeProgram } from './node-program.ts';

/** The most that any server on `node:http` can reach: it reads and answers the same and stores nothing. */
export const bareHttp: Contender<Appends & ServesHttp> = {
  name: 'bare node:http',
  promise: 'nothing: the event is parsed and forgotten',
  async start() {
    const program = await startNodeProgram(new URL('./bare-http-server.ts', import.meta.url));
    const url = `http://127.0.0.1:${program.port}`;
    return {
      processId: program.processId,
      port: program.port,
      versions: { node: process.versions.node },
      async append({ eventsPerAppend, dataBytes, ...load }) {
        const body = appendBody({ eventsPerAppend, dataBytes });
        return appendMeasurement(
          await wrk({ url, method: 'POST', target: '/account-{stream}', body, ...load }),
          eventsPerAppend,
        );
      },
      answerShape: () => answerShape(url),
      stop: program.stop,
    };
  },
};
