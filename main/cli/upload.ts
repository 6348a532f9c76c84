import type { Failure } from '#app/errors'
import type { Which } from '#app/ipc'
import type { Transfer } from '#app/transfer'
import type { Added } from '../engine/adder.ts'
import type { UploadArgs } from './args.ts'
import { failedLine, Following } from './following.ts'
import { summarize, type Summary } from './report.ts'
import type { Tuning } from '../transfers/context.ts'
import type { CliSetup } from './setup.ts'
import { joinRunningApp, startOwn, type Uploader } from './uploader.ts'
import type { UploadView } from './view.ts'

export interface UploadOutcome {
  readonly summary: Summary
  /** Why it ended before every file had come to an end. */
  readonly ended?: Failure
}

/** Uploads the paths and reports each file. `stop` resolves when the person interrupts. */
export async function upload(
  setup: CliSetup,
  args: UploadArgs,
  view: UploadView,
  stop: Promise<Failure>,
): Promise<UploadOutcome> {
  const { paths, folders, parentID: rootID, onDuplicate, exclude } = args
  const options = { rootID, folders, onDuplicate, exclude, source: 'cli' } as const
  return follow(
    async (signal) => (await joinRunningApp(setup, args)) ?? startOwn(setup, tuningOf(args), signal),
    (uploader) => uploader.add(paths, options),
    view,
    stop,
  )
}

/** Goes on with what an earlier run left, and with what failed and may be tried again. */
export function resume(
  setup: CliSetup,
  which: (all: readonly Transfer[]) => Which,
  view: UploadView,
  stop: Promise<Failure>,
): Promise<UploadOutcome> {
  return follow(
    (signal) => startOwn(setup, {}, signal),
    (uploader) => uploader.goOn(which),
    view,
    stop,
  )
}

async function follow(
  start: (signal: AbortSignal) => Promise<Uploader>,
  begin: (uploader: Uploader) => Promise<Added>,
  view: UploadView,
  stop: Promise<Failure>,
): Promise<UploadOutcome> {
  const startedAt = performance.now()
  const stopping = new AbortController()
  void stop.then(() => {
    stopping.abort()
  })
  const uploader = await start(stopping.signal)
  if (uploader.warning) view.warn(uploader.warning)
  const following = new Following(uploader, view)
  const finished = begin(uploader).then((report) => following.wait(report))
  const ended = await Promise.race([finished, uploader.lost, stop])
  const unfinished = following.unfinished()
  await uploader.close(unfinished.map(({ id }) => id))
  // Every file that was begun has a last line.
  if (ended) for (const transfer of unfinished) view.line(failedLine(transfer, ended), ended)
  const summary = summarize(
    following.transfers(),
    following.passedOver,
    following.refused,
    Math.round(performance.now() - startedAt),
  )
  view.end(summary)
  return ended ? { summary, ended } : { summary }
}

function tuningOf(args: UploadArgs): Partial<Tuning> {
  const { concurrency, limitBytesPerSecond: upBytesPerSecond, singleMaxBytes: singleStepMaxBytes } = args
  return {
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(upBytesPerSecond === undefined ? {} : { upBytesPerSecond }),
    ...(singleStepMaxBytes === undefined ? {} : { singleStepMaxBytes }),
  }
}

/** Exit codes of design 6. */
export function exitCode({ summary, ended }: UploadOutcome): number {
  if (ended?.code === 'cancelled') return 130
  if (ended && isAccountFailure(ended)) return 3
  return summary.failed > 0 || ended ? 1 : 0
}

export function isAccountFailure({ code }: Failure): boolean {
  return [
    'signed-out',
    'unauthorized',
    'token-limit',
    'credentials-refused',
    'keychain-unavailable',
  ].includes(code)
}
