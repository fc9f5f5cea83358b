/**
 * The image as far as it can be tried without Docker: its layout is made by the same script, and
 * its settings, health check and command are read from the Dockerfile and run on that layout.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import manifest from '../package.json' with { type: 'json' };
import { pack } from '../scripts/pack.ts';
import { runStore } from '../scripts/store-process.ts';
import { append, feed, startedStore } from './support/store.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const dockerfile = readFileSync('Dockerfile', 'utf8');

test('the image is made by the script that the test runs', () => {
  assert.match(dockerfile, /^RUN npm run pack -- \/app$/m);
  assert.match(dockerfile, /^COPY --from=build \/app \/app$/m);
  assert.match(dockerfile, /^USER node$/m);
});

test('the image, npm start and the installed command give Node.js the same bounds', () => {
  const bounds = (text: string) => text.match(/--max-[a-z-]+=\d+/g);
  const [shebang = ''] = readFileSync('packages/cli/src/main.ts', 'utf8').split('\n', 1);
  assert.deepEqual(bounds(shebang), bounds(manifest.scripts.start));
  assert.equal(`${manifest.scripts['event-store']} serve`, manifest.scripts.start);
  assert.deepEqual(bounds(instruction('ENTRYPOINT').join(' ')), bounds(manifest.scripts.start));
});

test('what the image holds starts, stores, answers its health check and stops', async (context) => {
  const directory = temporaryDirectory(context);
  const app = join(directory, 'app');
  pack(app);
  assert.deepEqual(globSync(`${app}/node_modules/{event-store,@event-store/*}/**/*.ts`).filter(isSource), []);
  const environment = { ...imageEnvironment(directory), HOST: '127.0.0.1', PORT: '0' };
  const [node, ...program] = instruction('ENTRYPOINT').map((word) => word.replace('/app', app));
  assert.equal(node, 'node');
  const command = { program, args: instruction('CMD'), environment };

  const { url, port, end } = await startedStore(context, command);
  await append(`${url}/account-1`, { type: 'Opened', data: 'e30=' });
  assert.equal(healthCheck({ PORT: `${port}` }), 0);
  assert.deepEqual(await end('SIGTERM'), { code: 0, signal: null, stderr: '' });
  assert.notEqual(healthCheck({ PORT: `${port}` }), 0);
  const { code, stdout } = await runStore({ ...command, args: ['verify'] });
  assert.deepEqual([code, stdout.split(' in ', 1)], [0, ['1 event']]);

  const again = await startedStore(context, command);
  assert.deepEqual(
    (await feed(again.url)).map(({ streamId }) => streamId),
    ['account-1'],
  );
});

/** The words of an instruction in its exec form, without which signals would end at a shell. */
function instruction(name: string): string[] {
  const [, words] = new RegExp(`^${name} (\\[.*\\])$`, 'm').exec(dockerfile) ?? [];
  assert.ok(words, `${name} is in its exec form`);
  return JSON.parse(words);
}

function imageEnvironment(directory: string): Record<string, string> {
  const [, variables = ''] = /^ENV (.*)$/m.exec(dockerfile) ?? [];
  const pairs = variables.split(' ').map((pair) => pair.split('=') as [string, string]);
  return Object.fromEntries(pairs.map(([name, value]) => [name, value.replace('/data', directory)]));
}

function healthCheck(environment: Readonly<Record<string, string>>): number | null {
  const [, words = '[]'] = /^HEALTHCHECK .*\\\n +CMD (\[.*\])$/m.exec(dockerfile) ?? [];
  const [, ...args] = JSON.parse(words);
  return spawnSync(process.execPath, args, { env: { ...process.env, ...environment } }).status;
}

function isSource(path: string): boolean {
  return !path.endsWith('.d.ts');
}
