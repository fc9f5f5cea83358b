import { testAppend } from './append.ts';
import { testBodies } from './bodies.ts';
import { testClientOf2017 } from './client-of-2017.ts';
import { testConsumerDefinitions } from './consumers/consumer-definitions.ts';
import { testConsumerEvents } from './consumers/consumer-events.ts';
import { testPartitions } from './consumers/partitions.ts';
import { testRefusedConsumers } from './consumers/refused-consumers.ts';
import { testEntityTags } from './entity-tags.ts';
import { testExpectContinue } from './expect-continue.ts';
import { testFeed } from './feed.ts';
import { testFeedFilters } from './feed-filters.ts';
import { testHeads } from './heads.ts';
import type { HttpConformanceOptions, HttpSuite } from './http-suite.ts';
import { testFeedSubscriptions } from './live/feed-subscriptions.ts';
import { testLongPolls } from './live/long-polls.ts';
import { testMomentsOfCatchingUp } from './live/moments-of-catching-up.ts';
import { testRefusedSubscriptions } from './live/refused-subscriptions.ts';
import { testResumedSubscriptions } from './live/resumed-subscriptions.ts';
import { testSlowSubscribers } from './live/slow-subscribers.ts';
import { testStreamSubscriptions } from './live/stream-subscriptions.ts';
import { testNdjson } from './ndjson.ts';
import { testNegotiation } from './negotiation.ts';
import { testOneEvent } from './one-event.ts';
import { testOperations } from './operations.ts';
import { testOriginAndHost } from './origin-and-host.ts';
import { testPaths } from './paths.ts';
import { testQueryParameters } from './query-parameters.ts';
import { testRawSockets } from './raw/raw-sockets.ts';
import { testRetries } from './retries.ts';
import { testSizes } from './sizes.ts';
import { StoreClient } from './store-client.ts';
import { testStreamIds } from './stream-ids.ts';
import { testStreamList } from './stream-list.ts';
import { testStreamPages } from './stream-pages.ts';
import { testTokens } from './tokens.ts';
import { testVersions } from './versions.ts';

const sections = [
  testClientOf2017,
  testAppend,
  testVersions,
  testRetries,
  testStreamPages,
  testEntityTags,
  testOneEvent,
  testHeads,
  testNdjson,
  testFeed,
  testFeedFilters,
  testStreamList,
  testNegotiation,
  testStreamIds,
  testPaths,
  testQueryParameters,
  testBodies,
  testSizes,
  testExpectContinue,
  testOriginAndHost,
  testTokens,
  testOperations,
  testStreamSubscriptions,
  testFeedSubscriptions,
  testRefusedSubscriptions,
  testResumedSubscriptions,
  testMomentsOfCatchingUp,
  testSlowSubscribers,
  testLongPolls,
  testConsumerDefinitions,
  testRefusedConsumers,
  testConsumerEvents,
  testPartitions,
  testRawSockets,
];

/**
 * The HTTP contract as tests, for any server at any base URL. Every test has streams of its own
 * and reads the feed from its present end, so the store may hold data, but nobody else may write
 * to it meanwhile.
 */
export function httpConformance(options: HttpConformanceOptions): void {
  const { test, baseUrl, token, capabilities, bytesBetweenCuts = 1, momentsOfCatchingUp = 10_000 } = options;
  const client = new StoreClient({ baseUrl, token });
  const { describe, it } = test;
  const suite: HttpSuite = {
    describe,
    it,
    client,
    baseUrl,
    token,
    capabilities,
    bytesBetweenCuts,
    momentsOfCatchingUp,
  };
  describe('HTTP contract', () => {
    for (const section of sections) section(suite);
  });
}
