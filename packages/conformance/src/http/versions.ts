/** Expected versions: exactly one writer gets a version, and a conflict tells the truth. */
import assert from 'node:assert/strict';
import { expectProblem } from './expect-problem.ts';
import type { HttpSuite } from './http-suite.ts';
import { base64, numbersTo, sampleEvent, sampleEvents, versionsOf } from './sample-events.ts';
import { streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

export function testVersions(suite: HttpSuite): void {
  suite.describe('expected version', () => {
    testConflicts(suite);
    testVersionSyntax(suite);
    testRaces(suite);
  });
}

function testConflicts({ it, client }: HttpSuite): void {
  it('stores at the next version', async () => {
    const streamId = uniqueName('version');
    assert.equal((await client.append(streamId, sampleEvent(), 1)).version, 1);
    assert.equal((await client.append(streamId, sampleEvents(3), 2)).version, 4);
    assert.equal((await client.append(streamId, sampleEvent(), 5)).version, 5);
  });

  it('is a conflict when the version is taken, and stores nothing', async () => {
    const streamId = uniqueName('version');
    await client.append(streamId, sampleEvents(3));
    for (const version of numbersTo(3)) {
      const answer = await client.post(streamPath(streamId, version), sampleEvent());
      expectProblem(answer, 'version-conflict', { currentVersion: 3 });
    }
    assert.equal(await client.streamVersion(streamId), 3);
  });

  it('is a conflict when it would leave a gap, and stores nothing', async () => {
    const streamId = uniqueName('version');
    await client.append(streamId, sampleEvents(3));
    for (const version of [5, 6, 1000, Number.MAX_SAFE_INTEGER]) {
      const answer = await client.post(streamPath(streamId, version), sampleEvent());
      expectProblem(answer, 'version-conflict', { currentVersion: 3 });
    }
    assert.equal(await client.streamVersion(streamId), 3);
  });

  it('is a conflict at version 0 when a missing stream is expected to have events', async () => {
    const streamId = uniqueName('version');
    expectProblem(await client.post(streamPath(streamId, 2), sampleEvent()), 'version-conflict', {
      currentVersion: 0,
    });
    assert.equal(await client.streamVersion(streamId), 0);
  });

  it('refuses the same request without ids a second time', async () => {
    const streamId = uniqueName('version');
    await client.append(streamId, sampleEvent(), 1);
    expectProblem(await client.post(streamPath(streamId, 1), sampleEvent()), 'version-conflict', {
      currentVersion: 1,
    });
  });

  it('looks at the body before the version', async () => {
    const streamId = uniqueName('version');
    expectProblem(await client.post(streamPath(streamId, 9), '{'), 'invalid-json');
    expectProblem(await client.post(streamPath(streamId, 9), []), 'no-events');
  });
}

function testVersionSyntax({ it, client }: HttpSuite): void {
  for (const version of notVersions) {
    it(`must be a whole number from 1: ${version}`, async () => {
      const streamId = uniqueName('version');
      expectProblem(await client.post(streamPath(streamId, version), sampleEvent()), 'invalid-version');
      expectProblem(await client.get(streamPath(streamId, version)), 'invalid-version');
      assert.equal(await client.streamVersion(streamId), 0);
    });
  }
}

function testRaces({ it, client }: HttpSuite): void {
  it('is given to one of 100 clients that want it at once', async () => {
    const streamId = uniqueName('version');
    await client.append(streamId, sampleEvent());
    const answers = await Promise.all(
      numbersTo(100).map((number) => client.post(streamPath(streamId, 2), sampleEvent({ data: base64(`${number}`) }))),
    );
    const winners = answers.filter(({ status }) => status === 200);
    assert.equal(winners.length, 1);
    for (const answer of answers) {
      if (answer.status !== 200) expectProblem(answer, 'version-conflict', { currentVersion: 2 });
    }
    const { payload } = await client.streamPage(streamId);
    assert.deepEqual(versionsOf(payload), [1, 2]);
    const winner = answers.findIndex(({ status }) => status === 200) + 1;
    assert.equal(payload[1]?.data, base64(`${winner}`));
  });

  it('left out, gives each of 50 clients at once a version of its own', async () => {
    const streamId = uniqueName('version');
    const answers = await Promise.all(numbersTo(50).map(() => client.append(streamId, sampleEvents(2))));
    const firstVersions = answers.map(({ firstVersion }) => firstVersion).sort((a, b) => a - b);
    assert.deepEqual(
      firstVersions,
      numbersTo(50).map((number) => 2 * number - 1),
    );
    for (const { firstVersion, version } of answers) assert.equal(version, firstVersion + 1);
  });
}

const notVersions = [
  '0',
  '-1',
  '-0',
  '1.5',
  '1.0',
  'abc',
  '01',
  '+1',
  '1e3',
  '0x1',
  '9007199254740992',
  '18446744073709551617',
  'NaN',
  'Infinity',
  'null',
  '%201',
  '1%20',
  '1%0A',
  '1%2C2',
  '%D9%A1',
  '1%00',
];
