/** Path and query parameters as the OpenAPI document describes them; the routes read them themselves. */
import { limits } from '@event-store/core';
import { Type } from 'typebox';

const streamId = Type.String({
  minLength: 1,
  maxLength: limits.streamIdBytesMax,
  description: 'The stream id, percent-encoded: 1 to 512 bytes of UTF-8 without control characters.',
});

export const streamIdParameter = Type.Object({ streamId });

export const streamVersionParameters = Type.Object({
  streamId,
  version: Type.Integer({ minimum: 1, description: 'Place in the stream: 1, 2, 3, …' }),
});

export const limitParameter = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: limits.pageEventsMax,
    description: 'At most so many; the server may return fewer.',
  }),
);
