import { mkdtemp, open, rm } from 'node:fs/promises'
import type { IntervalHistogram } from 'node:perf_hooks'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startEmulator } from '#emulator/emulator'
import { launch } from '#test/app'

test('the main thread stays free while 1 GiB is hashed and goes up: event-loop delay p99 under 50 ms', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pan123-free-'))
  const emulator = await startEmulator()
  const app = await launch({
    env: {
      PAN123_API_URL: emulator.url,
      PAN123_DATA_DIR: join(folder, 'data'),
      PAN123_TOKEN: emulator.token,
    },
  })
  try {
    await app.by('account-name').waitFor()
    const file = await open(join(folder, 'big.bin'), 'w')
    await file.truncate(1024 ** 3)
    await file.write('not only zeros', 500_000_000)
    await file.close()
    await app.app.evaluate(() => {
      const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks')
      const histogram = monitorEventLoopDelay({ resolution: 5 })
      histogram.enable()
      Object.assign(globalThis, { delays: histogram })
    })
    await app.drop([join(folder, 'big.bin')])
    await app.page.locator('[data-testid="transfer-row"][data-status="done"]').waitFor({ timeout: 150_000 })
    const delays = await app.app.evaluate(() => {
      const { delays: histogram } = globalThis as unknown as { delays: IntervalHistogram }
      return { p99: histogram.percentile(99) / 1e6, max: histogram.max / 1e6, count: histogram.count }
    })
    console.log(
      `main thread: p99 ${delays.p99.toFixed(1)} ms, longest ${delays.max.toFixed(1)} ms, ${delays.count} samples`,
    )
    expect(delays.count).toBeGreaterThan(100)
    expect(delays.p99).toBeLessThan(50)
    expect(emulator.files()).toMatchObject([{ size: 1024 ** 3 }])
  } finally {
    await app.close()
    await emulator.close()
    await rm(folder, { recursive: true, force: true })
  }
})
