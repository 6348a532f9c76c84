import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ShellMenuState } from '#app/shell-menu/state'
import { call } from '../api.ts'

/** The entries in the file manager's menu. Others may change them at any time: looked at whenever somebody looks here. */
export const useShellMenu = defineStore('shell-menu', () => {
  const state = shallowRef<ShellMenuState>()

  async function load(): Promise<void> {
    state.value = await call('shellMenu.get')
  }

  /** What could not be done shows as well. */
  async function set(on: boolean): Promise<void> {
    try {
      state.value = await call('shellMenu.set', on)
    } catch (thrown) {
      await load()
      throw thrown
    }
  }

  return { state, load, set }
})
