import { expect, test } from 'vitest'
import { createSSRApp, type Component } from 'vue'
import { renderToString } from 'vue/server-renderer'
import type { TransferState } from '#app/transfer'
import { i18n } from '../../../renderer/words.ts'
import { failed, transfer, waiting } from './samples.ts'

// ESLint does not know what a .vue file is.
const { default: TransferDoing } = (await import('../../../renderer/components/TransferDoing.vue')) as {
  default: Component
}

const shown = (state: TransferState): Promise<string> =>
  renderToString(createSSRApp(TransferDoing, { transfer: transfer('a', state), name: 'a' }).use(i18n))

test.each([
  { name: 'waits', state: waiting('timeout'), says: '稍后自动重试', never: '已多次重试' },
  { name: 'failed for good', state: failed('timeout'), says: '已多次重试', never: '自动' },
])('a row that $name says so', async ({ state, says, never }) => {
  i18n.global.locale.value = 'zh-CN'
  const html = await shown(state)
  expect(html).toContain(says)
  expect(html).not.toContain(never)
})
