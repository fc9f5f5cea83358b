import { testAppend } from './append.ts';
import { testCapabilities } from './capabilities.ts';
import { testCommits } from './commits.ts';
import { testConcurrency } from './concurrency.ts';
import { testConflicts } from './conflicts.ts';
import { testConsumers } from './consumers.ts';
import { testContention } from './contention.ts';
import { type EngineConformanceOptions, engineSuite } from './engine-suite.ts';
import { testFeedFilters } from './feed-filters.ts';
import { testFeedReads } from './feed-reads.ts';
import { testListStreams } from './list-streams.ts';
import { testLongReads } from './long-reads.ts';
import { testModel } from './model/model-property.ts';
import { testReopen } from './reopen.ts';
import { testRetries } from './retries.ts';
import { testReusedIds } from './reused-ids.ts';
import { testSizes } from './sizes.ts';
import { testStreamReads } from './stream-reads.ts';
import { testTimes } from './times.ts';

/**
 * The contract of `StorageEngine` as tests; every engine passes all of it. What an engine says
 * that it lacks (`capabilities`) is tested for its absence.
 */
export function engineConformance(options: EngineConformanceOptions): void {
  const suite = engineSuite(options);
  suite.test.describe('capabilities', () => testCapabilities(suite));
  suite.test.describe('append', () => testAppend(suite));
  suite.test.describe('conflicts', () => testConflicts(suite));
  suite.test.describe('retries', () => testRetries(suite));
  suite.test.describe('reused ids', () => testReusedIds(suite));
  suite.test.describe('stream reads', () => testStreamReads(suite));
  suite.test.describe('feed reads', () => testFeedReads(suite));
  suite.test.describe('feed filters', () => testFeedFilters(suite));
  suite.test.describe('long reads', () => testLongReads(suite));
  suite.test.describe('list of streams', () => testListStreams(suite));
  suite.test.describe('sizes', () => testSizes(suite));
  suite.test.describe('times', () => testTimes(suite));
  suite.test.describe('contention', () => testContention(suite));
  suite.test.describe('concurrency', () => testConcurrency(suite));
  suite.test.describe('commit notifications', () => testCommits(suite));
  suite.test.describe('consumers', () => testConsumers(suite));
  suite.test.describe('reopen', () => testReopen(suite));
  suite.test.describe('against the model', () => testModel(suite));
}
