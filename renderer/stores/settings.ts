import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { DEFAULT_SETTINGS, type Settings } from '#app/settings'
import { call, listen } from '../api.ts'

/** A mirror of what the person chose. */
export const useSettings = defineStore('settings', () => {
  const settings = shallowRef<Settings>(DEFAULT_SETTINGS)
  /** Changes that main has not answered yet. */
  let pending = 0

  function take(value: Settings): void {
    // What main says while it has yet to hear of a change is old.
    if (pending === 0) settings.value = value
  }

  async function follow(): Promise<void> {
    listen('settings.changed', take)
    take(await call('settings.get'))
  }

  /** It shows at once, so that the next change builds on it; a refused one is undone. */
  async function change(change: Partial<Settings>): Promise<void> {
    settings.value = { ...settings.value, ...change }
    pending += 1
    try {
      await call('settings.change', change)
    } finally {
      pending -= 1
      take(await call('settings.get'))
    }
  }

  return {
    settings,
    follow,
    change,
    hasProxyPassword: () => call('settings.hasProxyPassword'),
    setProxyPassword: (password: string) => call('settings.setProxyPassword', password),
  }
})
