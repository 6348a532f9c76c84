import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { listen } from '../api.ts'
import type { Page, SettingsSection } from '../page.ts'

/** Which page is shown. */
export const usePage = defineStore('page', () => {
  const page = shallowRef<Page>('transfers')
  const section = shallowRef<SettingsSection>('general')

  /** The tray's menu leads to pages, too. To be called before the page has loaded: then comes the first of them. */
  function follow(): void {
    listen('page.wanted', (wanted) => (page.value = wanted))
  }

  function openSettings(wanted: SettingsSection): void {
    section.value = wanted
    page.value = 'settings'
  }

  return { page, section, follow, openSettings }
})
