import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { HistoryQuery } from '#app/history'
import type { TransfersChange } from '#app/ipc'
import { useHistory } from '../../../renderer/stores/history.ts'
import { done, transfer, uploading } from './samples.ts'

/** Main, as far as the history goes; it answers when it is told to. */
let asked: { readonly query: HistoryQuery; readonly answer: (total: number, name: string) => Promise<void> }[]
let tell: (change: TransfersChange) => void

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
  asked = []
  vi.stubGlobal('window', {
    drive: {
      on: (_event: string, listener: typeof tell) => {
        tell = listener
        return () => undefined
      },
      call: (_command: string, query: HistoryQuery) =>
        new Promise((resolve) => {
          asked.push({
            query,
            answer: async (total, name) => {
              resolve({ ok: true, value: { total, rows: [transfer(name, done())] } })
              await vi.advanceTimersByTimeAsync(0)
            },
          })
        }),
    },
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('each part is asked for once, however often its rows are looked at', () => {
  const history = useHistory()
  history.show(0, 10)
  history.show(1, 12)
  history.show(95, 110)
  expect(asked.map(({ query: { offset } }) => offset)).toEqual([0, 100])
})

test('an answer to an older question is dropped', async () => {
  const history = useHistory()
  history.show(0, 10)
  history.narrow({ text: 'b' })
  expect(asked).toHaveLength(2)
  await asked[1]?.answer(1, 'new')
  await asked[0]?.answer(999, 'old')
  expect([history.total, history.rowAt(0)?.id]).toEqual([1, 'new'])
})

test('what ends while somebody looks comes in, not more often than anybody reads; what is shown stays until then', async () => {
  const history = useHistory()
  history.follow()
  history.show(0, 10)
  await asked[0]?.answer(1, 'first')
  for (let no = 0; no < 30; no++) {
    tell({ changed: [transfer(`f${no}`, done())], removed: [] })
    await vi.advanceTimersByTimeAsync(100)
  }
  expect(asked.length).toBeGreaterThan(2)
  expect(asked.length).toBeLessThanOrEqual(5)
  expect(history.rowAt(0)?.id).toBe('first')
  await asked.at(-1)?.answer(31, 'last')
  expect(history.rowAt(0)?.id).toBe('last')
})

test('what only moves on, and what ends while nobody looks, is not asked for', async () => {
  const history = useHistory()
  history.follow()
  history.show(0, 10)
  tell({ changed: [transfer('a', uploading(1))], removed: [] })
  history.hide()
  tell({ changed: [transfer('a', done())], removed: [] })
  await vi.advanceTimersByTimeAsync(5000)
  expect(asked).toHaveLength(1)
})
