import type { Failure } from '#app/errors'
import type { Halt, SyncPreview } from '#app/sync/pair'
import type { Language } from '#app/words/explain'
import { printable } from './columns.ts'
import type { CliTexts } from './texts.ts'
import type { UploadView } from './view.ts'
import { CLI_TEXTS, sentence } from './words.ts'

/** How a sync is shown while it runs: the uploads as uploads are, and what else it does. */
export interface SyncView extends Pick<UploadView, 'line' | 'draw' | 'end'> {
  planned(plan: SyncPreview): void
  trashed(path: string): void
  moved(from: string, to: string): void
  problem(path: string, failure: Failure): void
  halted(halt: Halt): void
}

/** For programs: JSON on stdout (design 6). */
export function jsonSyncView(uploads: UploadView, out: NodeJS.WritableStream, language: Language): SyncView {
  const print = (line: object): void => {
    out.write(`${JSON.stringify(line)}\n`)
  }
  return {
    ...uploads,
    planned: ({ upload, mkdir, move, trash, problems, examples }) => {
      for (const { path, failure } of examples)
        print({ event: 'problem', path, code: failure.code, message: sentence(failure, language) })
      print({ event: 'planned', upload, mkdir, move, trash, problems })
    },
    trashed: (path) => {
      print({ event: 'trashed', path })
    },
    moved: (from, to) => {
      print({ event: 'moved', from, to })
    },
    problem: (path, failure) => {
      print({ event: 'problem', path, code: failure.code, message: sentence(failure, language) })
    },
    halted: (halt) => {
      print({ event: 'halted', reason: halt.reason, message: haltText(halt, CLI_TEXTS[language]) })
    },
  }
}

/** For people, on a terminal or in a log. */
export function textSyncView(
  uploads: UploadView,
  out: NodeJS.WritableStream,
  err: NodeJS.WritableStream,
  language: Language,
): SyncView {
  const texts = CLI_TEXTS[language]
  const say = (to: NodeJS.WritableStream, text: string): void => {
    to.write(`${text}\n`)
  }
  const problem = (path: string, failure: Failure): void => {
    say(err, `${printable(path)}: ${sentence(failure, language)}`)
  }
  return {
    ...uploads,
    planned: (plan) => {
      for (const { path, failure } of plan.examples) problem(path, failure)
      say(out, texts.planned(plan))
    },
    trashed: (path) => {
      say(out, `${texts.trashed} ${printable(path)}`)
    },
    moved: (from, to) => {
      say(out, `${texts.moved} ${printable(from)} → ${printable(to)}`)
    },
    problem,
    halted: (halt) => {
      say(err, haltText(halt, texts))
    },
  }
}

function haltText({ reason, deletions }: Halt, texts: CliTexts): string {
  return texts.halted[reason](deletions?.files ?? 0, deletions?.total ?? 0)
}
