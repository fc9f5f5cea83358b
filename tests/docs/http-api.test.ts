/** The page of the HTTP API has the routes and parameters of the server, and no other. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { serveIn, startedStore } from '../support/store.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { codeIn, onlyCodeIn, readPage, sections, tableRows } from './markdown.ts';

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

const documented = sections(readPage('docs/reference/http-api.md'), 3);

test('the HTTP API page and the server agree on routes and parameters', async (context) => {
  const { url } = await startedStore(context, { args: serveIn(join(temporaryDirectory(context), 'data')) });
  const answer = await fetch(`${url}/-/openapi.json`);
  const { paths } = (await answer.json()) as { paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };
  const served = new Map<string, readonly string[]>();
  for (const [path, { head, ...methods }] of Object.entries(paths)) {
    assert.equal(head !== undefined, methods.get !== undefined, `HEAD goes with GET on ${path}`);
    for (const [method, operation] of Object.entries(methods)) {
      served.set(`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`, queryParameters(operation));
    }
  }
  const routes = [...documented].map(([heading, text]) => [onlyCodeIn(heading), documentedParameters(text)] as const);
  assert.deepEqual(new Map(routes.toSorted()), new Map([...served].toSorted()));
});

function queryParameters({ parameters = [] }: Operation): readonly string[] {
  return parameters.filter((each) => each.in === 'query').map(({ name }) => name);
}

function documentedParameters(text: string): readonly string[] {
  return tableRows(text, ['parameter']).map(({ parameter }) => codeIn(parameter).join());
}
