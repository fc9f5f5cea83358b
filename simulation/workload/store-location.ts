/** Where the store is at the moment; it may be away, and come back elsewhere. */
export class StoreLocation {
  #url: string | undefined;
  #isUp = Promise.withResolvers<string>();

  /** The address; none while the store is known to be away. */
  get url(): string | undefined {
    return this.#url;
  }

  up(url: string): void {
    this.#url = url;
    this.#isUp.resolve(url);
  }

  down(): void {
    if (this.#url === undefined) return;
    this.#url = undefined;
    this.#isUp = Promise.withResolvers();
  }

  /** Fulfils with the address as soon as there is one. */
  whenUp(): Promise<string> {
    return this.#isUp.promise;
  }
}
