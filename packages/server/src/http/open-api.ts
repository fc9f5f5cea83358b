/** What the OpenAPI document says about a route, in the form that `@fastify/swagger` reads. */
import { limits, ProblemSchema } from '@event-store/core';
import type { FastifySchema } from 'fastify';
import { Type } from 'typebox';
import type { Route } from './route.ts';

const pathParameters = {
  streamId: Type.String({
    minLength: 1,
    maxLength: limits.streamIdBytesMax,
    description: 'The stream id, percent-encoded: 1 to 512 bytes of UTF-8 without control characters.',
  }),
  version: Type.Integer({ minimum: 1, description: 'Place in the stream: 1, 2, 3, …' }),
  consumer: Type.String({
    minLength: 1,
    maxLength: limits.consumerNameCharactersMax,
    description: 'The name of the consumer: letters, digits and . _ : -',
  }),
} as const;

export function openApiSchema({ path, summary, tag, query, body, answers }: Route): FastifySchema {
  const names = (['streamId', 'version', 'consumer'] as const).filter((name) => path.includes(`:${name}`));
  const responses = Object.entries(answers).map(([status, content]) => [
    status,
    {
      description: Number(status) < 400 ? 'Success' : 'Not now',
      ...(Object.keys(content).length > 0 && { content: contentOf(content) }),
    },
  ]);
  return {
    summary,
    tags: [tag],
    ...(names.length > 0 && {
      params: Type.Object(Object.fromEntries(names.map((name) => [name, pathParameters[name]]))),
    }),
    ...(query !== undefined && { querystring: query }),
    ...(body !== undefined && { body }),
    response: {
      ...Object.fromEntries(responses),
      default: { description: 'A refusal', content: contentOf({ 'application/problem+json': ProblemSchema }) },
    },
  };
}

function contentOf(content: Readonly<Record<string, object>>): Record<string, { schema: object }> {
  return Object.fromEntries(Object.entries(content).map(([mediaType, schema]) => [mediaType, { schema }]));
}
