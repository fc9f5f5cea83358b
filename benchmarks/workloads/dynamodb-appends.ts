import type { Contender } from '../contenders/contender.ts';
import { type AppendsToTable, dynamodbInstances, type InstancesOptions } from '../contenders/dynamodb-instances.ts';
import { compare, type Figure } from './compare.ts';
import { withStarted } from './with-started.ts';
import type { Comparison, Workload } from './workload.ts';

/** In all. */
const clients = 192;
const clientsOfInstance = 16;

const stored = 'the event is in the table';
const inFeed = 'the event and the record that brings it into the feed are in the table';

const bare = instances({ name: 'bare conditional puts', promise: stored, what: 'bare' });
const off = instances({ name: 'feed off', promise: stored, what: 'off' });

function on(count: number, options: Partial<InstancesOptions> = {}): Contender<AppendsToTable> {
  const name = `feed on, ${count} ${count === 1 ? 'instance' : 'instances'}`;
  return instances({ name, promise: inFeed, what: 'on', instances: count, ...options });
}

/** As services grow: each instance that is added brings its clients. */
function growing(count: number): Contender<AppendsToTable> {
  return on(count, { clients: count * clientsOfInstance });
}

function instances(options: Pick<InstancesOptions, 'name' | 'promise' | 'what'> & Partial<InstancesOptions>) {
  return dynamodbInstances({ instances: 1, distanceMs: 0, clients, ...options });
}

/** What each is compared with stands behind it. */
const contests: readonly { readonly title: string; readonly contenders: readonly Contender<AppendsToTable>[] }[] = [
  { title: 'without a feed', contenders: [off, bare] },
  { title: 'with a feed', contenders: [on(3), on(1), bare] },
  { title: `with a feed, ${clientsOfInstance} clients an instance`, contenders: [growing(3), growing(1)] },
  {
    title: 'with a feed, 10 ms away from the table',
    contenders: [on(3, { distanceMs: 10 }), on(1, { distanceMs: 10 })],
  },
];

type Appends = Awaited<ReturnType<AppendsToTable['appendToTable']>>;

const figures: readonly [Figure<Appends>, ...Figure<Appends>[]] = [
  { name: 'rate', unit: 'appends/s', better: 'more', of: ({ appendsPerSecond }) => appendsPerSecond },
  { unit: 'cores', better: 'less', name: 'what the emulator takes', of: ({ emulatorCores }) => emulatorCores },
];

/** Heads are known, but for the round that warms up. */
export const dynamodbAppends: Workload = {
  name: 'dynamodb-appends',
  title: 'One small event an append over DynamoDB',
  about:
    `${clients} clients in all, spread evenly over the instances, each a process of its own, or ${clientsOfInstance} ` +
    'clients with each instance, over an emulator in memory. Streams belong to one instance each. Clients, instances and emulator share the cores of the machine.',
  async run(settings) {
    const comparisons: Comparison[] = [];
    for (const { title, contenders } of contests) {
      const load = { seconds: settings.seconds };
      const measured = await withStarted({ contenders, settings }, (started) =>
        compare({ title, started, settings, figures, measure: ({ running }) => running.appendToTable(load) }),
      );
      comparisons.push(...measured);
    }
    return comparisons;
  },
};
