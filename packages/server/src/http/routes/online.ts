import { Type } from 'typebox';
import { Query } from '../query.ts';
import { type Route, readMethods } from '../route.ts';
import { send } from '../send.ts';

/** `GET /`: a sign of life, in the words of the original service. */
export const onlineRoute: Route = {
  path: '/',
  methods: readMethods,
  documentation: { summary: 'A sign of life', tags: ['operations'], response: { 200: Type.String() } },
  handle: ({ response, target }) => {
    Query.refuse(target);
    send(response, {
      status: 200,
      headers: ['Content-Type', 'text/plain; charset=utf-8'],
      body: 'The service is online',
    });
  },
};
