/** A queue that gives back the item with the least rank: a binary heap. */
export class EarliestFirst<Item> {
  readonly #isBefore: (a: Item, b: Item) => boolean;
  readonly #items: Item[] = [];

  constructor(isBefore: (a: Item, b: Item) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#items.length;
  }

  add(item: Item): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    for (let parent = (at - 1) >> 1; at > 0 && this.#isBefore(item, items[parent] as Item); parent = (at - 1) >> 1) {
      items[at] = items[parent] as Item;
      at = parent;
    }
    items[at] = item;
  }

  take(): Item | undefined {
    const items = this.#items;
    const [first] = items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    let at = 0;
    for (
      let child = this.#earlierChild(at);
      child > 0 && this.#isBefore(items[child] as Item, last);
      child = this.#earlierChild(at)
    ) {
      items[at] = items[child] as Item;
      at = child;
    }
    items[at] = last;
    return first;
  }

  /** 0 when there is none. */
  #earlierChild(at: number): number {
    const left = 2 * at + 1;
    if (left >= this.#items.length) return 0;
    const right = left + 1;
    const isRight = right < this.#items.length && this.#isBefore(this.#items[right] as Item, this.#items[left] as Item);
    return isRight ? right : left;
  }
}
