/**
 * The routes on Fastify, without what it would decide by itself: it routes and describes, while
 * paths, bodies, validation, errors and answers are ours.
 */
import type { Server } from 'node:http';
import swagger from '@fastify/swagger';
import { fastify } from 'fastify';
import type { Metrics } from '../observability/metrics.ts';
import type { Handle } from './admission.ts';
import { openApiSchema } from './open-api.ts';
import { type PathMethods, patternOf } from './path-methods.ts';
import { Query } from './query.ts';
import type { Refusals } from './refusals.ts';
import type { Exchange, Route } from './route.ts';
import { pathOf } from './stream-path.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the OpenAPI document says; Fastify itself is told nothing, so it neither validates nor prints. */
    readonly openApi?: FastifySchema;
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
  methods: PathMethods;
  productVersion: string;
  createServer: (next: Handle) => Server;
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
  // Routes read bodies themselves: Fastify would refuse odd media types and knows other limits.
  for (const method of ['POST', 'PUT', 'DELETE']) {
    app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  }
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Event Store', version: productVersion } },
    transform: ({ url, route }) => ({ schema: route.config?.openApi ?? {}, url }),
  });
  for (const route of routes) {
    const { path, methods, handle } = route;
    const names = Object.keys(route.query?.properties ?? {});
    pathMethods.add(path, methods);
    app.route({
      url: path,
      method: [...methods],
      config: { openApi: openApiSchema(route) },
      handler: ({ raw: request, originalUrl: target }, { raw: response }) => {
        serve(response, () => handle({ request, response, target, query: Query.parse(target, names) }));
      },
    });
  }
  await app.ready();
  return { server: app.server, describe: () => JSON.stringify(app.swagger()), close: () => app.close() };

  function serve(response: Exchange['response'], handle: () => void | Promise<void>): void {
    const answered = () => metrics.answered(response.statusCode);
    const failed = (error: unknown) => refusals.refuse(response, error);
    try {
      const answering = handle();
      if (answering === undefined) answered();
      else answering.then(answered, failed);
    } catch (error) {
      failed(error);
    }
  }
}
