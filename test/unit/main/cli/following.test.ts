import { expect, onTestFinished, test, vi } from 'vitest'
import { Following } from '#main/cli/following'
import type { ReportLine } from '#main/cli/report'
import type { Uploader } from '#main/cli/uploader'
import type { UploadView } from '#main/cli/view'

test.each([
  // The clock that is waited by has parts of a millisecond.
  { untilMs: 2000.4, seconds: 2 },
  { untilMs: 1990, seconds: 2 },
  { untilMs: 3, seconds: 1 },
])('a pause of $untilMs ms is told as $seconds s', ({ untilMs, seconds }) => {
  vi.useFakeTimers({ now: 0 })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  let tell: Parameters<Uploader['onStatus']>[0] | undefined
  const uploader: Pick<Uploader, 'onChange' | 'onStatus'> = {
    onChange: () => undefined,
    onStatus: (listener) => {
      tell = listener
    },
  }
  const lines: ReportLine[] = []
  const view: Pick<UploadView, 'line'> = { line: (line) => void lines.push(line) }
  // Nothing else of either is used until there are files.
  new Following(uploader as Uploader, view as UploadView)
  tell?.({ speed: 0, running: 0, blocked: { reason: 'rate-limited', until: untilMs } })
  expect(lines).toEqual([{ event: 'limited', seconds }])
})
