import type { Locator } from 'playwright-core'
import { FIRST_TRY } from '#app/retry'
import type { Transfer, TransferState } from '#app/transfer'
import { seededId } from './seed.ts'
import type { Stage } from './stage.ts'

/** What a seeded queue would be doing if it were not paused: told to the window as the engine would tell it. */

const MB = 1024 ** 2

export const rowOf = (stage: Stage, name: string): Locator =>
  stage.app.page.locator(`[data-testid="transfer-row"][data-path$="${name}"]`)

/** What some of the rows are doing, at a moment of their upload. */
function moving(sent: number): readonly (readonly [string, TransferState])[] {
  return [
    [
      '视频/2026/2026 年会回顾 终版.mp4',
      { status: 'uploading', tries: FIRST_TRY, sent, slicesDone: 71, slices: 113 },
    ],
    ['照片/秋/DSC_20261102_0183.RAW', { status: 'completing', tries: FIRST_TRY }],
    ['镜像/debian-12.9.0-amd64-DVD-1.iso', { status: 'hashing', tries: FIRST_TRY, hashed: sent * 1.3 }],
    [
      '代码/前端 组件库.tar.gz',
      {
        status: 'waiting',
        tries: FIRST_TRY,
        retryAt: Date.now() + 90_000,
        failure: { code: 'quota-exceeded', message: '', detail: '1.5 GB' },
      },
    ],
    [
      '备份/设计稿备份（含历史版本）.zip',
      {
        status: 'waiting',
        tries: { attempt: 1, restarts: 0 },
        retryAt: Date.now() + 8000,
        failure: { code: 'rate-limited', message: '' },
      },
    ],
  ]
}

const tellMoving = (stage: Stage, sent: number): Promise<void> => tellStates(stage, moving(sent))

async function tellStates(stage: Stage, told: readonly (readonly [string, TransferState])[]): Promise<void> {
  const states = new Map(told.map(([path, state]) => [seededId(path), state]))
  const known = await stage.app.page.evaluate(
    async (ids) => {
      const found = await Promise.all(ids.map((id) => window.drive.call('transfers.details', id)))
      return found.flatMap((answer) => (answer.ok && answer.value ? [answer.value.transfer] : []))
    },
    [...states.keys()],
  )
  await stage.tell('transfers.changed', {
    changed: known.map((it): Transfer => ({ ...it, state: states.get(it.id) ?? it.state })),
    removed: [],
  })
}

/** A minute of it, as the window remembers it. */
async function remember(stage: Stage, peak: number): Promise<void> {
  const wave = (no: number): number =>
    0.62 + 0.006 * no + 0.05 * Math.sin(no / 2.1) + 0.03 * Math.sin(no * 1.7)
  const reports = Array.from({ length: 62 }, (_, no) => ({
    at: Date.now() - (61 - no) * 1000,
    speed: peak * Math.min(1, wave(no)),
  }))
  await stage.app.page.evaluate((minute) => {
    interface Mounted extends Element {
      readonly __vue_app__?: {
        config: { globalProperties: { $pinia: { _s: Map<string, { reports: unknown }> } } }
      }
    }
    const mounted = document.querySelector<Mounted>('#app')
    const queue = mounted?.__vue_app__?.config.globalProperties.$pinia._s.get('queue')
    if (queue) queue.reports = minute
  }, reports)
}

/** As on a good afternoon. */
export async function busy(stage: Stage): Promise<void> {
  await stage.go('transfers')
  await stage.by('tab-all').click()
  await stage.app.page.mouse.move(0, 0)
  const name = '2026 年会回顾 终版.mp4'
  const speed = 5.2 * MB
  const began = Date.now()
  const tellNow = (): Promise<void> => tellMoving(stage, 1100 * MB + ((Date.now() - began) / 1000) * speed)
  await stage.tellStatus({ speed, running: 3, steady: true })
  await tellNow()
  // Long enough for the time that is left to be told.
  while (!/剩余|left/u.test((await rowOf(stage, name).locator('.numbers').textContent()) ?? '')) {
    await tellNow()
  }
  await remember(stage, 6.1 * MB)
  await stage.tellStatus({ speed, running: 3, steady: true })
}

/** What the engine makes of what was on its way when nothing can be. */
export async function stopMoving(stage: Stage): Promise<void> {
  await tellStates(
    stage,
    moving(0).map(([name, state]) => [
      name,
      state.status === 'waiting' && state.failure.code === 'quota-exceeded'
        ? state
        : { status: 'queued', tries: FIRST_TRY },
    ]),
  )
}
