import { meteredAppends } from '../contenders/metered-appends.ts';
import { compare } from './compare.ts';
import { withStarted } from './with-started.ts';
import type { Comparison, Workload } from './workload.ts';

const contenders = [
  meteredAppends({ feed: 'on', hasIds: false }),
  meteredAppends({ feed: 'off', hasIds: false }),
  meteredAppends({ feed: 'on', hasIds: true }),
  meteredAppends({ feed: 'off', hasIds: true }),
];

/** What Amazon asks money for. */
export const dynamodbWriteUnits: Workload = {
  name: 'dynamodb-write-units',
  title: 'Write units on DynamoDB',
  about:
    'Items of just under 1 KB, appended without a version, some at once and then the next ones, each to a stream of ' +
    'its own that is known. Counted from the bytes that are sent, by the rules of Amazon: one unit a KB, two in a ' +
    'transaction. With a feed, what brings events into it is in it. A put without all of this takes one.',
  run: (settings) =>
    withStarted({ contenders, settings }, async (started) => {
      const comparisons: Comparison[] = [];
      for (const group of [1, 10, 98]) {
        const measured = await compare({
          title: group === 1 ? 'one at a time' : `${group} at once`,
          at: { axis: 'appends at once', value: group },
          started,
          settings,
          measure: ({ running }) => running.unitsOfEvent(group),
          figures: [{ name: 'cost', unit: 'write units an event', better: 'less', of: (units) => units }],
        });
        comparisons.push(...measured);
      }
      return comparisons;
    }),
};
