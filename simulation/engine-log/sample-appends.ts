/** Appends for scenarios: each event has data of its own, so that it can be told from every other. */
import { type AppendRequest, type ProposedEvent, parseStreamId } from '@event-store/core';

export interface SampleAppend {
  readonly streamId: string;
  /** Tells the append from every other. */
  readonly name: string;
  readonly type?: string;
  readonly events?: number;
  readonly hasIds?: boolean;
  /** Bytes of data of each event, before base64. */
  readonly dataBytes?: number;
  readonly expectedVersion?: number;
}

export function sampleAppend(sample: SampleAppend): AppendRequest {
  const { streamId, name, type = 'Happened', events = 1, hasIds = false, dataBytes = 0, expectedVersion } = sample;
  return {
    streams: [
      {
        streamId: parseStreamId(streamId),
        expectedVersion,
        events: Array.from({ length: events }, (_, index): ProposedEvent => {
          const text = `${name}/${index}`;
          return {
            type,
            data: Buffer.from(text.padEnd(dataBytes, '.')).toString('base64'),
            id: hasIds ? text.replace('/', ':') : undefined,
            metadata: index === 1 ? '{"note":"second \\u2028 of its append"}' : undefined,
          };
        }),
      },
    ],
  };
}
