import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { DEFAULT_SETTINGS, type Settings } from '#app/settings'
import { call, listen } from '../api.ts'

/** A mirror of what the person chose. */
export const useSettings = defineStore('settings', () => {
  const settings = shallowRef<Settings>(DEFAULT_SETTINGS)

  function take(value: Settings): void {
    settings.value = value
  }

  async function follow(): Promise<void> {
    listen('settings.changed', take)
    take(await call('settings.get'))
  }

  async function change(change: Partial<Settings>): Promise<void> {
    take(await call('settings.change', change))
  }

  return { settings, follow, change }
})
