import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Autostart } from '#app/autostart'
import { call } from '../api.ts'

/** Whether the app starts by itself, as the system had it when it was last asked: others may change it at any time. */
export const useAutostart = defineStore('autostart', () => {
  const state = shallowRef<Autostart>()

  async function look(): Promise<void> {
    state.value = await call('autostart.get')
  }

  /** What has become of it is shown, not what was wanted. */
  async function set(on: boolean): Promise<void> {
    try {
      state.value = await call('autostart.set', on)
    } catch (thrown) {
      await look()
      throw thrown
    }
  }

  return { state, look, set }
})
