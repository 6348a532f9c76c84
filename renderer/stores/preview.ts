import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { toFailure } from '#app/errors'
import type { Preview } from '#app/ipc'
import { call } from '../api.ts'
import { useNotices } from './notices.ts'

/** What would become of some paths, before anything of it happens. */
export const usePreview = defineStore('preview', () => {
  const notices = useNotices()
  const paths = shallowRef<readonly string[]>([])
  /** Undefined while the engine is looking. */
  const found = shallowRef<Preview>()

  async function look(at: readonly string[]): Promise<void> {
    paths.value = at
    found.value = undefined
    if (at.length === 0) return
    try {
      found.value = await call('transfers.preview', at)
    } catch (thrown) {
      // Another look was asked for, whose answer comes.
      if (toFailure(thrown).code !== 'cancelled') notices.fail(thrown)
    }
  }

  return { paths, found, look }
})
