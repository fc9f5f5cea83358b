/**
 * The routes on Fastify, without what it would decide by itself: it routes and describes, while
 * paths, bodies, validation, errors and answers are ours.
 */
import type { Server } from 'node:http';
import swagger from '@fastify/swagger';
import { type FastifySchema, fastify } from 'fastify';
import type { Metrics } from '../observability/metrics.ts';
import type { Handle } from './admission.ts';
import { type PathMethods, patternOf } from './path-methods.ts';
import type { Refusals } from './refusals.ts';
import type { Exchange, Route } from './route.ts';
import { pathOf } from './stream-path.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The schema of the request body; Fastify knows none, because it does not read bodies here. */
    readonly body?: object;
  }
}

export interface App {
  readonly server: Server;
  /** The OpenAPI document as JSON. */
  readonly describe: () => string;
  readonly close: () => Promise<void>;
}

export async function createApp(parts: {
  routes: readonly Route[];
  productVersion: string;
  createServer: (next: Handle) => Server;
  methods: PathMethods;
  metrics: Metrics;
  refusals: Refusals;
}): Promise<App> {
  const { routes, methods: pathMethods, productVersion, createServer, metrics, refusals } = parts;
  const app = fastify({
    serverFactory: createServer,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    // The server that is created answers these itself.
    clientErrorHandler: () => undefined,
    // The router is given the pattern, so that its idea of a path never decides what is served.
    rewriteUrl: ({ url = '' }) => patternOf(pathOf(url)) ?? url,
  });
  app.addHttpMethod('POST', { hasBody: false, overrideExisting: true });
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Event Store', version: productVersion } },
    transform: ({ schema, url, route }) => {
      const body = route.config?.body;
      return { schema: body === undefined ? schema : ({ ...schema, body } as FastifySchema), url };
    },
  });
  for (const { path, methods, documentation, handle } of routes) {
    const { body, ...schema } = documentation;
    pathMethods.add(path, methods);
    app.route({
      url: path,
      method: [...methods],
      schema,
      config: body === undefined ? {} : { body },
      handler: (request, reply) =>
        serve(handle, { request: request.raw, response: reply.raw, target: request.originalUrl }),
    });
  }
  await app.ready();
  return { server: app.server, describe: () => JSON.stringify(app.swagger()), close: () => app.close() };

  function serve(handle: Route['handle'], exchange: Exchange): void {
    const { response } = exchange;
    const answered = () => metrics.answered(response.statusCode);
    const failed = (error: unknown) => refusals.refuse(response, error);
    try {
      const answering = handle(exchange);
      if (answering === undefined) answered();
      else answering.then(answered, failed);
    } catch (error) {
      failed(error);
    }
  }
}
