import type { WriteStream } from 'node:tty'
import type { Failure } from '#app/errors'
import type { SkippedPath } from '#app/ipc'
import type { Transfer } from '#app/transfer'
import { explain, type Language, type Standing } from '#app/words/explain'
import { Bars } from './bars.ts'
import { pad, printable } from './columns.ts'
import type { ReportLine, Summary } from './report.ts'
import { CLI_TEXTS, sentence } from './words.ts'

/** How an upload is shown while it runs. */
export interface UploadView {
  /** `standing`: whether what failed had been tried before. */
  line(line: ReportLine, failure?: Failure, standing?: Standing): void
  passedOver(skipped: SkippedPath): void
  warn(failure: Failure): void
  draw(transfers: readonly Transfer[]): void
  end(summary: Summary): void
}

/** For programs: JSON on stdout; what has no line there goes to stderr. */
export function jsonView(
  out: NodeJS.WritableStream,
  err: NodeJS.WritableStream,
  language: Language,
): UploadView {
  const print = (line: ReportLine): void => {
    out.write(`${JSON.stringify(line)}\n`)
  }
  return {
    line: print,
    passedOver: (skipped) => void err.write(`${passedOverText(skipped, language)}\n`),
    warn: (failure) => void err.write(`${sentence(failure, language)}\n`),
    draw: () => undefined,
    end: (summary) => {
      print({ event: 'summary', ...summary })
    },
  }
}

/** For a file or a pipe: a line a file. */
export function plainView(
  out: NodeJS.WritableStream,
  err: NodeJS.WritableStream,
  language: Language,
): UploadView {
  const { method } = CLI_TEXTS[language]
  return {
    line: (line, failure, standing) => {
      if (line.event === 'finished') out.write(`${marked(method[line.method], line.remotePath)}\n`)
      if (line.event === 'limited') err.write(`${limitedText(line, language)}\n`)
      if (line.event === 'held') err.write(`${CLI_TEXTS[language].held[line.reason]}\n`)
      if (line.event === 'skipped') out.write(`${skippedText(line, failure, language)}\n`)
      if (line.event === 'failed') err.write(`${failedText(line, failure, language, standing)}\n`)
    },
    passedOver: (skipped) => void err.write(`${passedOverText(skipped, language)}\n`),
    warn: (failure) => void err.write(`${sentence(failure, language)}\n`),
    draw: () => undefined,
    end: (summary) => void out.write(`${summaryText(summary, language)}\n`),
  }
}

/** For a terminal: bars, and above them only what did not go up. */
export function terminalView(terminal: WriteStream, language: Language): UploadView {
  const bars = new Bars(terminal, CLI_TEXTS[language])
  return {
    line: (line, failure, standing) => {
      if (line.event === 'limited') bars.say(limitedText(line, language))
      if (line.event === 'held') bars.say(CLI_TEXTS[language].held[line.reason])
      if (line.event === 'skipped') bars.say(skippedText(line, failure, language))
      if (line.event === 'failed') bars.say(failedText(line, failure, language, standing))
    },
    passedOver: (skipped) => {
      bars.say(passedOverText(skipped, language))
    },
    warn: (failure) => {
      bars.say(sentence(failure, language))
    },
    draw: (transfers) => {
      bars.draw(transfers, Date.now())
    },
    end: (summary) => {
      bars.say(summaryText(summary, language))
    },
  }
}

/** As wide as the longest of these words in English. */
const MARK_WIDTH = 7

function marked(mark: string, path: string): string {
  return `${pad(mark, MARK_WIDTH)} ${printable(path)}`
}

/** The person has said what to do about a taken name: there is a reason, and nothing left to do. */
function skippedText(
  line: ReportLine & { event: 'skipped' },
  failure: Failure | undefined,
  language: Language,
): string {
  const { why } = explain(failure ?? line, language)
  return `${marked(CLI_TEXTS[language].skipped, line.path)}: ${printable(why)}`
}

function limitedText({ seconds }: ReportLine & { event: 'limited' }, language: Language): string {
  const { limited, duration } = CLI_TEXTS[language]
  return limited(duration(Math.floor(seconds / 60), seconds % 60))
}

function failedText(
  line: ReportLine & { event: 'failed' },
  failure: Failure | undefined,
  language: Language,
  standing?: Standing,
): string {
  return `${printable(line.path)}: ${sentence(failure ?? line, language, standing)}`
}

function passedOverText({ path, failure }: SkippedPath, language: Language): string {
  return `${printable(path)}: ${sentence(failure, language)}`
}

function summaryText(summary: Summary, language: Language): string {
  const megabytes = (value: number): string => `${(value / 1024 ** 2).toFixed(1)} MB`
  const seconds = (summary.ms / 1000).toFixed(1)
  return CLI_TEXTS[language].summary(summary, megabytes(summary.bytes), seconds, megabytes(summary.sentBytes))
}
