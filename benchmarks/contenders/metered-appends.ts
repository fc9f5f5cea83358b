import { UnitMeter } from '../../packages/engine-dynamodb/test/unit-meter.ts';
import type { Contender } from './contender.ts';

/** Appends over DynamoDB, of which every write unit is counted. */
export interface MetersAppends {
  /** Write units an event, where so many appends of one event come at once. */
  unitsOfEvent(group: number): Promise<number>;
}

export function meteredAppends({ feed, hasIds }: { feed: 'on' | 'off'; hasIds: boolean }): Contender<MetersAppends> {
  return {
    name: `feed ${feed}${hasIds ? ', with client ids' : ''}`,
    promise:
      feed === 'on'
        ? 'the event and the record that brings it into the feed are in the table'
        : 'the event is in the table',
    async start() {
      const meter = await UnitMeter.start();
      return {
        processId: undefined,
        versions: { node: process.versions.node },
        unitsOfEvent: (group) => meter.unitsOfEvent({ feed, group, hasIds }),
        stop: () => meter.stop(),
      };
    },
  };
}
