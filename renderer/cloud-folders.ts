import { shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { toFailure, type Failure } from '#app/errors'
import { call } from './api.ts'

export type Listing =
  | { readonly status: 'loading' }
  | { readonly status: 'there' | 'new'; readonly names: readonly string[] }
  | { readonly status: 'failed'; readonly failure: Failure }

/** What is in the cloud folder of that path, asked whenever it is another one. */
export function useCloudFolders(path: Ref<string>): {
  readonly listing: ShallowRef<Listing>
  readonly reload: () => Promise<void>
} {
  const listing = shallowRef<Listing>({ status: 'loading' })

  async function reload(): Promise<void> {
    const asked = path.value
    const take = (found: Listing): void => {
      // Whoever has gone on meanwhile is answered for where they are.
      if (path.value === asked) listing.value = found
    }
    listing.value = { status: 'loading' }
    try {
      take(await call('cloud.folders', asked))
    } catch (thrown) {
      take({ status: 'failed', failure: toFailure(thrown) })
    }
  }

  watch(path, reload, { immediate: true })
  return { listing, reload }
}
