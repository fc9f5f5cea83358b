/** Flags and environment to a configuration: what wins, what is refused, and under which name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StartError } from '@event-store/core';
import { type Config, type ConfigSources, parseConfig } from '../src/config.ts';

const config = (sources: Partial<ConfigSources>): Config => parseConfig({ flags: {}, environment: {}, ...sources });

test('nothing given is the documented default', () => {
  assert.deepEqual(config({}), {
    port: 3000,
    host: '127.0.0.1',
    data: './data',
    segmentBytes: undefined,
    scrubBytesPerSecond: undefined,
    logLevel: 'info',
    token: undefined,
    allowedOrigins: [],
    allowedHosts: [],
    dynamodbTable: undefined,
    awsRegion: undefined,
    dynamodbEndpoint: undefined,
    feed: 'on',
  });
});

test('a flag wins over its variable, a variable over the default', () => {
  const environment = { PORT: '4000', HOST: '::1' };
  const { port, host } = config({ flags: { port: '5000' }, environment });
  assert.deepEqual([port, host], [5000, '::1']);
});

test('an empty variable is not set', () => {
  assert.equal(config({ environment: { PORT: '' } }).port, 3000);
  assert.equal(config({ environment: { EVENT_STORE_TOKEN: '' } }).token, undefined);
});

test('an IPv6 address may stand in brackets', () => {
  assert.equal(config({ environment: { HOST: '[::1]' } }).host, '::1');
});

test('lists are separated by commas and brought into one form', () => {
  const environment = {
    EVENT_STORE_ALLOWED_ORIGINS: 'https://Example.com, http://localhost:5173/',
    EVENT_STORE_ALLOWED_HOSTS: 'Store.Example.com,store',
  };
  const { allowedOrigins, allowedHosts } = config({ environment });
  assert.deepEqual(allowedOrigins, ['https://example.com', 'http://localhost:5173']);
  assert.deepEqual(allowedHosts, ['store.example.com', 'store']);
});

const refused: readonly (readonly [name: string, sources: Partial<ConfigSources>])[] = [
  ['--port', { flags: { port: '' } }],
  ['--port', { flags: { port: '65536' } }],
  ['PORT', { environment: { PORT: '-1' } }],
  ['PORT', { environment: { PORT: '3e3' } }],
  ['HOST', { environment: { HOST: 'a b' } }],
  ['--data', { flags: { data: '' } }],
  ['--segment-bytes', { flags: { segmentBytes: '4095' } }],
  ['--segment-bytes', { flags: { segmentBytes: '2147483649' } }],
  ['EVENT_STORE_SEGMENT_BYTES', { environment: { EVENT_STORE_SEGMENT_BYTES: '1MiB' } }],
  ['EVENT_STORE_LOG_LEVEL', { environment: { EVENT_STORE_LOG_LEVEL: 'loud' } }],
  ['EVENT_STORE_TOKEN', { environment: { EVENT_STORE_TOKEN: 'two words' } }],
  ['EVENT_STORE_ALLOWED_ORIGINS', { environment: { EVENT_STORE_ALLOWED_ORIGINS: 'example.com' } }],
  ['EVENT_STORE_ALLOWED_ORIGINS', { environment: { EVENT_STORE_ALLOWED_ORIGINS: 'https://example.com/path' } }],
  ['EVENT_STORE_ALLOWED_HOSTS', { environment: { EVENT_STORE_ALLOWED_HOSTS: 'http://store' } }],
];

for (const [name, sources] of refused) {
  test(`refuses ${JSON.stringify(sources)} and names ${name}, not the value`, () => {
    assert.throws(
      () => config(sources),
      (error) => error instanceof StartError && error.kind === 'usage' && error.message.startsWith(`${name} must be `),
    );
  });
}
