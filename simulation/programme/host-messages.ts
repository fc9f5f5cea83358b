/** What a store host and its process say to each other: one request, one answer. */
export type HostRequest =
  | { readonly kind: 'open'; readonly directory: string; readonly segmentBytes: number }
  | { readonly kind: 'close' };

export type HostAnswer =
  | { readonly kind: 'opened'; readonly url: string }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly reason: string };
