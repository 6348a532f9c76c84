import type { PairChange, SyncPair } from '#app/sync/pair'
import type { PairFacts, StoredPair, SyncStore } from '../store/sync-store.ts'

/** A pair as a person chose it, and what is known of it: in memory and on disk alike. */
export class PairRecord {
  readonly #store: SyncStore
  #stored: StoredPair

  constructor(stored: StoredPair, store: SyncStore) {
    this.#stored = stored
    this.#store = store
  }

  get pair(): SyncPair {
    return this.#stored.pair
  }

  get facts(): PairFacts {
    return this.#stored.facts
  }

  change(change: PairChange): void {
    this.#save({ ...this.#stored, pair: { ...this.pair, ...change } })
  }

  remember(facts: Partial<PairFacts>): void {
    this.#save({ ...this.#stored, facts: { ...this.facts, ...facts } })
  }

  forget(fact: 'pausedUntil' | 'root' | 'remoteRoot'): void {
    const facts = { ...this.facts }
    Reflect.deleteProperty(facts, fact)
    this.#save({ ...this.#stored, facts })
  }

  #save(stored: StoredPair): void {
    this.#stored = stored
    this.#store.savePair(stored)
  }
}
