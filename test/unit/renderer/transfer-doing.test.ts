import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test } from 'vitest'
import { createSSRApp, type Component } from 'vue'
import { renderToString } from 'vue/server-renderer'
import type { Transfer, TransferState } from '#app/transfer'
import { useQueue } from '../../../renderer/stores/queue.ts'
import { i18n } from '../../../renderer/words.ts'
import { failed, paused, transfer, waiting } from './samples.ts'

// ESLint does not know what a .vue file is.
const { default: TransferDoing } = (await import('../../../renderer/components/TransferDoing.vue')) as {
  default: Component
}

const { default: TransferNumbers } = (await import('../../../renderer/components/TransferNumbers.vue')) as {
  default: Component
}

const pinia = createPinia()
const shown = (state?: TransferState, more: Partial<Transfer> = {}): Promise<string> =>
  renderToString(
    createSSRApp(TransferDoing, { transfer: transfer('a', state, more), name: 'a', tabindex: 0 })
      .use(i18n)
      .use(pinia),
  )

beforeEach(() => {
  setActivePinia(pinia)
  useQueue().status = { speed: 0, running: 0 }
  i18n.global.locale.value = 'zh-CN'
})

test.each([
  { name: 'waits', state: waiting('timeout'), says: '稍后自动重试', never: '已多次重试' },
  { name: 'failed for good', state: failed('timeout'), says: '已多次重试', never: '自动' },
])('a row that $name says so', async ({ state, says, never }) => {
  const html = await shown(state)
  expect(html).toContain(says)
  expect(html).not.toContain(never)
})

test.each([
  { name: 'is paused', state: paused },
  { name: 'is queued', state: undefined },
])('a row that $name says how far it came, and shows it', async ({ state }) => {
  const html = await shown(state, { keptBytes: 60 })
  expect(html).toContain('已传 60%，从断点继续')
  expect(html).toContain('aria-valuenow="60"')
  expect(await shown(state)).not.toContain('aria-valuenow')
})

test('a row that waits shows how far it came, and why it waits', async () => {
  const html = await shown(waiting('timeout'), { keptBytes: 60 })
  expect(html).toContain('aria-valuenow="60"')
  expect(html).toContain('服务器没有及时响应')
})

test('a row that is queued says when it is the whole queue that is paused', async () => {
  expect(await shown()).toContain('等待开始')
  useQueue().status = { speed: 0, running: 0, paused: {} }
  expect(await shown()).toContain('等待全部继续')
})

test.each([
  { locale: 'zh-CN', why: '云盘空间不足，还差 1.5 GB', action: '清理云盘或扩容后自动继续' },
  {
    locale: 'en',
    why: '123pan is full: 1.5 GB short',
    action: 'It resumes automatically once there is room',
  },
] as const)(
  'a row that waits for room in the drive says how much is missing: $locale',
  async ({ locale, why, action }) => {
    i18n.global.locale.value = locale
    const state = waiting('quota-exceeded')
    if (state.status !== 'waiting') throw new Error('it waits')
    const html = await shown({ ...state, failure: { ...state.failure, detail: '1.5 GB' } })
    expect(html).toContain(why)
    expect(html).toContain(action)
  },
)

test('a row that waits counts down, but not while all of it is paused', async () => {
  const state = waiting('rate-limited')
  if (state.status !== 'waiting') throw new Error('it waits')
  const later = { ...state, retryAt: Date.now() + 90_000 }
  const numbers = (): Promise<string> =>
    renderToString(
      createSSRApp(TransferNumbers, { transfer: transfer('a', later) })
        .use(i18n)
        .use(pinia),
    )
  expect(await numbers()).toMatch(/1 分钟( \d+ 秒)?后继续/u)
  useQueue().status = { speed: 0, running: 0, paused: {} }
  expect(await numbers()).not.toContain('后继续')
})

test('a row that is paused for a while says until when', async () => {
  const until = new Date()
  until.setHours(23, 59, 0, 0)
  const state = { ...paused, until: until.getTime() } as TransferState // Its status is the sample's.
  const html = await renderToString(
    createSSRApp(TransferNumbers, { transfer: transfer('a', state) })
      .use(i18n)
      .use(pinia),
  )
  expect(html).toContain('23:59 继续')
})
