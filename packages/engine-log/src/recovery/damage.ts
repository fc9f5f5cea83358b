/** Bytes of the log that are not as they were written, beyond what a crash explains. */
export interface Damage {
  /** Name of the segment. */
  readonly file: string;
  readonly offset: number;
  /** What is wrong, to stand behind "segment … byte …: ". */
  readonly text: string;
}

/** What to do, whatever is damaged; docs/guides/damage-and-repair.md has the rest. */
export const damageAdvice =
  'Stop the store and run "event-store verify"; restore the data from a copy, or give up what is lost with "event-store repair" (docs/guides/damage-and-repair.md).';

export function describeDamage(damage: readonly Damage[]): string {
  const [first] = damage;
  if (first === undefined) return 'The log is intact.';
  const others = damage.length > 1 ? ` (and ${damage.length - 1} more)` : '';
  return (
    `The log is damaged: ${first.file}, byte ${first.offset}: ${first.text}${others}. ` +
    'Intact events are served in the feed and one by one, streams only where they cannot have lost their end; ' +
    `appends are refused until the damage is repaired or the data is restored. ${damageAdvice}`
  );
}
