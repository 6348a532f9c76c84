import type { HoldReason } from '#app/conditions'
import type { HaltReason, Tally } from '#app/sync/pair'
import type { RunningState, TransferState } from '#app/transfer'
import type { ReportLine, Summary } from './report.ts'

/** What the command line says to people; what `--json` prints is the same in every language. A text that is missing does not compile. */
export interface CliTexts {
  readonly usage: string
  readonly seeHelp: string
  readonly wrong: WrongUse
  readonly ask: { readonly clientID: string; readonly token: string; readonly secret: string }
  readonly account: (name: string, uid: string, used: string, total: string) => string
  /** Follows the account: its credential ends on that day. */
  readonly until: (day: string) => string
  readonly signedOut: string
  readonly nobodyWasSignedIn: string
  readonly environmentStays: string
  readonly phase: Readonly<Record<RunningState['status'], string>>
  readonly method: Readonly<Record<(ReportLine & { event: 'finished' })['method'], string>>
  readonly skipped: string
  readonly state: Readonly<Record<TransferState['status'], string>>
  /** What was done, to so many; undefined means to all. */
  readonly changed: Readonly<
    Record<'pause' | 'retry' | 'cancel' | 'clear' | 'first' | 'last', (count: number | undefined) => string>
  >
  /** So many go on in another process. */
  /** What a dry run found. */
  readonly planned: (plan: Tally & { readonly problems: number }) => string
  readonly trashed: string
  readonly moved: string
  /** Why a sync stands still, and what to do; for many deletions, how many of how many. */
  readonly halted: Readonly<Record<HaltReason, (files: number, total: number) => string>>
  readonly goesOnElsewhere: (count: number) => string
  readonly limited: (duration: string) => string
  readonly held: Readonly<Record<HoldReason, string>>
  readonly duration: (minutes: number, seconds: number) => string
  readonly summary: (counts: Summary, size: string, seconds: string, sent: string) => string
}

/** What cannot be meant, said so that the person sees which word it is. */
export interface WrongUse {
  readonly command: (given: string) => string
  readonly option: (given: string) => string
  readonly valueMissing: (option: string) => string
  readonly valueTooMuch: (option: string) => string
  readonly argument: (given: string) => string
  readonly exclude: (one: string, other: string) => string
  readonly together: (one: string, other: string) => string
  readonly noPath: string
  readonly localAndRemote: string
  readonly remoteName: (name: string) => string
  readonly remoteDots: string
  readonly emptyPath: string
  readonly folderName: (name: string) => string
  readonly dots: string
  readonly choice: (option: string, choices: readonly string[], given: string) => string
  readonly size: (option: string, given: string) => string
  readonly atLeast: (option: string, least: string) => string
  readonly atMost: (option: string, most: string) => string
  readonly whole: (option: string, least: number, most: number, given: string) => string
  readonly while: (option: string, given: string) => string
  readonly noID: (command: string) => string
  readonly noIDNorAll: (command: string) => string
  readonly unknownID: (given: string) => string
  readonly severalIDs: (given: string) => string
  readonly secret: string
  readonly noTerminal: string
  readonly address: (variable: string, given: string) => string
  readonly openAddress: (variable: string, host: string) => string
}
