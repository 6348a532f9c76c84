import type { WriteStream } from 'node:tty'
import type { Failure } from '#app/errors'
import type { SkippedPath } from '#app/ipc'
import type { Transfer } from '#app/transfer'
import { Bars, printable } from './bars.ts'
import type { ReportLine, Summary } from './report.ts'
import { sentence } from './words.ts'

/** How an upload is shown while it runs. */
export interface UploadView {
  line(line: ReportLine, failure?: Failure): void
  passedOver(skipped: SkippedPath): void
  draw(transfers: readonly Transfer[]): void
  end(summary: Summary): void
}

/** For programs: JSON on stdout; what has no line there goes to stderr. */
export function jsonView(out: NodeJS.WritableStream, err: NodeJS.WritableStream): UploadView {
  const print = (line: ReportLine): void => {
    out.write(`${JSON.stringify(line)}\n`)
  }
  return {
    line: print,
    passedOver: (skipped) => void err.write(`${passedOverText(skipped)}\n`),
    draw: () => undefined,
    end: (summary) => {
      print({ event: 'summary', ...summary })
    },
  }
}

/** For a file or a pipe: a line a file. */
export function plainView(out: NodeJS.WritableStream, err: NodeJS.WritableStream): UploadView {
  return {
    line: (line, failure) => {
      if (line.event === 'finished') out.write(`${line.method.padEnd(7)} ${printable(line.remotePath)}\n`)
      if (line.event === 'failed') err.write(`${failedText(line, failure)}\n`)
    },
    passedOver: (skipped) => void err.write(`${passedOverText(skipped)}\n`),
    draw: () => undefined,
    end: (summary) => void out.write(`${summaryText(summary)}\n`),
  }
}

/** For a terminal: bars, and above them only what went wrong. */
export function terminalView(terminal: WriteStream): UploadView {
  const bars = new Bars(terminal)
  return {
    line: (line, failure) => {
      if (line.event === 'failed') bars.say(failedText(line, failure))
    },
    passedOver: (skipped) => {
      bars.say(passedOverText(skipped))
    },
    draw: (transfers) => {
      bars.draw(transfers, Date.now())
    },
    end: (summary) => {
      bars.say(summaryText(summary))
    },
  }
}

function failedText(line: ReportLine & { event: 'failed' }, failure: Failure | undefined): string {
  return `${printable(line.path)}: ${sentence(failure ?? line)}`
}

function passedOverText({ path, failure }: SkippedPath): string {
  return `${printable(path)}: ${sentence(failure)}`
}

function summaryText({ finished, failed, skipped, instant, bytes, sentBytes, ms }: Summary): string {
  const megabytes = (value: number): string => (value / 1024 ** 2).toFixed(1)
  return (
    `${finished} uploaded (${instant} instantly), ${skipped} skipped, ${failed} failed; ` +
    `${megabytes(bytes)} MB in ${(ms / 1000).toFixed(1)} s, ${megabytes(sentBytes)} MB sent`
  )
}
