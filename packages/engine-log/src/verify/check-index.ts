/**
 * Compares every entry of the index with the log. What the log has must be in the index; and since
 * the index has as many entries as the log has lines, it has nothing else.
 */
import type { Finding } from './finding.ts';
import type { IndexTables } from './index-tables.ts';
import { type WalkedLine, type WalkOptions, walkLog } from './walk-log.ts';

/** More are counted, not named. */
const namedMax = 20;

export async function checkIndex(tables: IndexTables, walk: WalkOptions): Promise<readonly Finding[]> {
  const { covered } = tables;
  if (covered === undefined)
    return [finding('notice', 'it is of another store or release, and is built anew at the next start')];
  const check = new IndexCheck(tables);
  const isOfThisLog = await check.walk(walk);
  if (!isOfThisLog) return [finding('notice', 'it is not of this log, and is built anew at the next start')];
  return check.findings();
}

function finding(severity: Finding['severity'], text: string, place: Partial<Finding> = {}): Finding {
  return { kind: 'index', severity, file: 'index', ...place, text };
}

class IndexCheck {
  readonly #tables: IndexTables;
  readonly #findings: Finding[] = [];
  readonly #anchors: Iterator<{ readonly position: number; readonly offset: number }>;
  #anchor: { readonly position: number; readonly offset: number } | undefined;
  #ids = 0;
  #hasLosses = false;
  #isEndSeen = false;

  constructor(tables: IndexTables) {
    this.#tables = tables;
    this.#anchors = tables.anchors();
    this.#nextAnchor();
  }

  /** Returns whether the line at the end of what is covered is in the log. */
  async walk(walk: WalkOptions): Promise<boolean> {
    const { covered } = this.#tables;
    if (covered === undefined || covered.position === 0) return true;
    for await (const walked of walkLog(walk)) {
      for (const each of walked) {
        if (each.kind === 'loss' && each.position <= covered.position) this.#hasLosses = true;
        if (each.kind === 'line' && (each.line?.position ?? 0) <= covered.position) this.#compare(each);
      }
    }
    return this.#isEndSeen || this.#hasLosses;
  }

  findings(): readonly Finding[] {
    const { covered } = this.#tables;
    const { places, ids, versions } = this.#tables.counts();
    const events = covered?.position ?? 0;
    if (places !== events || versions !== events)
      this.#add(`it has places for ${places} events and versions for ${versions}, where the log has ${events}`);
    if (!this.#hasLosses && ids !== this.#ids) this.#add(`it has ${ids} client ids, where the log has ${this.#ids}`);
    if (this.#anchor !== undefined)
      this.#add(`it has a line start for position ${this.#anchor.position}, where the log has none`);
    const more = this.#findings.length - namedMax;
    return more > 0
      ? [...this.#findings.slice(0, namedMax), finding('derived', `${more} more entries are wrong`)]
      : this.#findings;
  }

  #compare({ segment, offset, bytes, digits, line }: WalkedLine): void {
    if (line === undefined) return;
    const { streamId, version, position, id } = line;
    const { covered } = this.#tables;
    if (position === covered?.position)
      this.#isEndSeen =
        covered.checksum === digits &&
        covered.offset === offset + bytes.length &&
        covered.segment === segment.firstPosition;
    const stream = this.#tables.stream(streamId);
    const place = stream && this.#tables.place(stream.number, version);
    const at = { position, streamId, version };
    if (stream === undefined || stream.version < version)
      this.#add('the stream is missing, or has an earlier version', at);
    else if (place?.position !== position || place.offset !== offset || place.bytes !== bytes.length)
      this.#add('the place of the event is missing or wrong', at);
    if (id !== undefined && stream !== undefined) {
      this.#ids++;
      if (this.#tables.versionOfId(stream.number, id) !== version)
        this.#add('the client id is missing, or that of another version', at);
    }
    this.#compareAnchor(position, offset);
  }

  #compareAnchor(position: number, offset: number): void {
    if (this.#anchor === undefined || this.#anchor.position > position) return;
    if (
      (this.#anchor.position !== position && !this.#hasLosses) ||
      (this.#anchor.position === position && this.#anchor.offset !== offset)
    )
      this.#add('a place from which the feed is read is not the start of a line', { position: this.#anchor.position });
    this.#nextAnchor();
    this.#compareAnchor(position, offset);
  }

  #nextAnchor(): void {
    const { value, done } = this.#anchors.next();
    this.#anchor = done === true ? undefined : value;
  }

  #add(text: string, place: Partial<Finding> = {}): void {
    this.#findings.push(finding('derived', `${text}; delete the directory, the next start builds it anew`, place));
  }
}
