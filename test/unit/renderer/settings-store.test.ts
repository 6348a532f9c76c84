import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import { DEFAULT_SETTINGS, type Settings } from '#app/settings'
import { useSettings } from '../../../renderer/stores/settings.ts'

/** Main, as far as settings go; it answers when it is told to. */
let kept: Settings
let answers: (() => void)[]
let refuses: boolean

beforeEach(() => {
  setActivePinia(createPinia())
  kept = DEFAULT_SETTINGS
  answers = []
  refuses = false
  vi.stubGlobal('window', {
    drive: {
      on: () => () => undefined,
      call: (command: string, change: Partial<Settings>) => {
        if (command === 'settings.get') return Promise.resolve({ ok: true, value: kept })
        return new Promise((resolve) => {
          answers.push(() => {
            if (!refuses) kept = { ...kept, ...change }
            resolve(
              refuses ? { ok: false, failure: { code: 'internal', message: '' } } : { ok: true, value: kept },
            )
          })
        })
      },
    },
  })
})

test('a change shows at once, and the answer to it does not undo the next one', async () => {
  const store = useSettings()
  const first = store.change({ destination: '/a' })
  expect(store.settings.destination).toBe('/a')
  const second = store.change({ destination: '/b', theme: 'dark' })
  answers[0]?.()
  await first
  expect(store.settings).toMatchObject({ destination: '/b', theme: 'dark' })
  answers[1]?.()
  await second
  expect(store.settings).toEqual(kept)
  expect(kept).toMatchObject({ destination: '/b', theme: 'dark' })
})

test('one that is refused is undone, and said', async () => {
  const store = useSettings()
  refuses = true
  const change = store.change({ theme: 'dark' })
  answers[0]?.()
  await expect(change).rejects.toMatchObject({ failure: { code: 'internal' } })
  expect(store.settings.theme).toBe('system')
})
