import { Type } from 'typebox';
import { type Route, readMethods } from '../route.ts';
import { send } from '../send.ts';

/** `GET /`: a sign of life, in the words of the original service. */
export const onlineRoute: Route = {
  path: '/',
  methods: readMethods,
  summary: 'A sign of life',
  tag: 'operations',
  answers: { 200: { 'text/plain': Type.String() } },
  handle: ({ response }) => {
    send(response, {
      status: 200,
      headers: ['Content-Type', 'text/plain; charset=utf-8'],
      body: 'The service is online',
    });
  },
};
