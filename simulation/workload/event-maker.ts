/** Makes events that no other event is equal to. */
import type { SeededRandom } from '../seeded-random.ts';
import type { ProposedFields } from './recorder.ts';

export const eventTypes = ['opened', 'noted', 'closed'] as const;

export interface EventWishes {
  /** In front of each event's name; of this client alone. */
  readonly name: string;
  readonly hasIds: boolean;
  readonly count: number;
}

/** Events of mostly few bytes, some of many. */
export function makeEvents(random: SeededRandom, { name, hasIds, count }: EventWishes): readonly ProposedFields[] {
  return Array.from({ length: count }, (_, index) => {
    const content = `${name} ${index} ${'.'.repeat(random.below(random.isTrue(0.05) ? 6_000 : 60))}`;
    return {
      type: eventTypes[random.below(eventTypes.length)] ?? eventTypes[0],
      data: Buffer.from(content).toString('base64'),
      ...(hasIds && { id: `${name}-${index}`.replaceAll(' ', '-') }),
      ...(random.isTrue(0.2) && { metadata: { name, index } }),
    };
  });
}
