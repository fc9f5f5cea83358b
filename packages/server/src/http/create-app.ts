/**
 * The routes on Fastify, without what it would decide by itself: it routes and describes, while
 * paths, bodies, validation, errors and answers are ours.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { EventStoreError, limits } from '@event-store/core';
import swagger from '@fastify/swagger';
import { type FastifySchema, fastify } from 'fastify';
import type { Metrics } from '../observability/metrics.ts';
import type { Handle } from './admission.ts';
import type { PathMethods } from './path-methods.ts';
import type { Refusals } from './refusals.ts';
import type { Route } from './route.ts';
import { streamIdIn, versionIn } from './stream-path.ts';

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
    routerOptions: { maxParamLength: limits.targetBytesMax, querystringParser: () => ({}) },
    frameworkErrors: (_error, request, reply) => refusals.refuse(reply.raw, undecodablePath(request.raw.url ?? '')),
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
      handler: (request, reply) => serve(handle, request.raw, reply.raw),
    });
  }
  await app.ready();
  return { server: app.server, describe: () => JSON.stringify(app.swagger()), close: () => app.close() };

  function serve(handle: Route['handle'], request: IncomingMessage, response: ServerResponse): void {
    const answered = () => metrics.answered(response.statusCode);
    const failed = (error: unknown) => refusals.refuse(response, error);
    try {
      const answering = handle(request, response);
      if (answering === undefined) answered();
      else answering.then(answered, failed);
    } catch (error) {
      failed(error);
    }
  }
}

/** What to say where the router cannot decode a path. */
function undecodablePath(target: string): unknown {
  try {
    streamIdIn(target);
    versionIn(target);
  } catch (error) {
    return error;
  }
  return new EventStoreError('invalid-path', 'The path is not valid percent-encoded UTF-8.');
}
