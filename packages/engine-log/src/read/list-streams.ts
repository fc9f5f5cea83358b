/** Lists streams where the index cannot be brought up to date: what it lacks is merged in from memory. */
import { compareUtf8, type ListStreamsRequest, type StreamSummary } from '@event-store/core';
import { type LogView, visibleVersion } from './log-view.ts';

export function listStreams(view: LogView, request: ListStreamsRequest): StreamSummary[] {
  const { prefix, after, limit } = request;
  const indexed = view.index.listStreams(request).map(({ streamId }) => streamId);
  const recent = view.recent.streamIds().filter((id) => id.startsWith(prefix) && compareUtf8(id, after) > 0);
  return [...new Set([...indexed, ...recent])]
    .map((streamId) => ({ streamId, version: visibleVersion(view, streamId) }))
    .filter(({ version }) => version > 0)
    .sort((a, b) => compareUtf8(a.streamId, b.streamId))
    .slice(0, limit);
}
