import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { toFailure, type Failure } from '#app/errors'
import { checkNames, joinRemote, splitRemote } from '#app/naming'
import type { NewPair, SyncMode, SyncPreview } from '#app/sync/pair'
import { call } from '../api.ts'
import { nameOf } from '../pair-words.ts'
import { useSettings } from './settings.ts'

/** While somebody types, the cloud is not asked at every letter. */
const TYPING_MS = 400

/** A pair that is about to be made, and what would become of the files. */
export const useNewPair = defineStore('new-pair', () => {
  const settings = useSettings()
  const localPath = shallowRef<string>()
  const remoteText = shallowRef('')
  const mode = shallowRef<SyncMode>('backup')
  /** Undefined while the engine is looking. */
  const found = shallowRef<SyncPreview>()
  const failure = shallowRef<Failure>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const names = computed(() => splitRemote(remoteText.value.trim()))
  /** Of the name of the cloud folder. */
  const problem = computed((): Failure | undefined => {
    const wrong = checkNames(names.value)
    return wrong && { ...wrong, message: '' }
  })
  const wanted = computed((): NewPair | undefined =>
    localPath.value === undefined || problem.value
      ? undefined
      : { localPath: localPath.value, remotePath: joinRemote(names.value), mode: mode.value },
  )

  watch(wanted, (now, before) => {
    clearTimeout(timer)
    found.value = undefined
    failure.value = undefined
    if (!now) return
    const isTyped = before !== undefined && before.remotePath !== now.remotePath
    timer = setTimeout(() => void look(now), isTyped ? TYPING_MS : 0)
  })

  /** With a name for its cloud folder as people expect it. */
  function choose(path: string): void {
    localPath.value = path
    remoteText.value = joinRemote([...splitRemote(settings.settings.destination), nameOf(path)])
  }

  function reset(): void {
    localPath.value = undefined
    remoteText.value = ''
    mode.value = 'backup'
  }

  async function look(at: NewPair): Promise<void> {
    try {
      const seen = await call('sync.preview', at)
      if (wanted.value === at) found.value = seen
    } catch (thrown) {
      const seen = toFailure(thrown)
      // Another look was asked for, whose answer comes.
      if (seen.code !== 'cancelled' && wanted.value === at) failure.value = seen
    }
  }

  return { localPath, remoteText, mode, found, failure, problem, wanted, choose, reset }
})
