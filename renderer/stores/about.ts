import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { AppInfo, Licence } from '#app/about'
import { call } from '../api.ts'

/** What the app is and what is in it: asked for once, it does not change while the window lives. */
export const useAbout = defineStore('about', () => {
  const info = shallowRef<AppInfo>()
  const licences = shallowRef<readonly Licence[]>()

  async function load(): Promise<void> {
    info.value ??= await call('app.info')
  }

  async function loadLicences(): Promise<void> {
    licences.value ??= await call('app.licences')
  }

  return { info, licences, load, loadLicences, openDataFolder: () => call('app.openDataFolder') }
})
