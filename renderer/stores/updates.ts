import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { UpdateStatus } from '#app/update'
import { call, listen } from '../api.ts'
import { isNews, updateWords, type UpdateAction, type UpdateWords } from '../update-words.ts'
import { useWords } from '../words.ts'
import { useNotices } from './notices.ts'
import { useSettings } from './settings.ts'

/** A mirror of what main knows about newer versions; it says what happens by itself. */
export const useUpdates = defineStore('updates', () => {
  const words = useWords()
  const notices = useNotices()
  const settings = useSettings()
  const status = shallowRef<UpdateStatus>()

  const said = (value: UpdateStatus): UpdateWords => updateWords(value, settings.settings.updates, words)

  function take(value: UpdateStatus): void {
    const before = status.value?.state
    status.value = value
    if (!isNews(before, value, settings.settings.updates !== 'auto')) return
    const tone = value.state.status === 'failed' ? 'bad' : 'ok'
    notices.show({
      tone,
      text: () => said(value).sentence,
      more: () => said(value).note,
    })
  }

  async function follow(): Promise<void> {
    listen('update.changed', take)
    take(await call('update.get'))
  }

  const ACTIONS: Readonly<Record<UpdateAction, () => Promise<void>>> = {
    check: () => call('update.check'),
    install: () => call('update.install'),
    openPage: () => call('update.openPage'),
  }

  return { status, follow, act: (action: UpdateAction) => ACTIONS[action]() }
})
