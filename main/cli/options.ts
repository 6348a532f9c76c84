import { parseArgs } from 'node:util'
import { DriveError } from '#app/errors'
import type { WrongUse } from './texts.ts'

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>
type Parsed = ReturnType<typeof parseArgs>

export function parse(
  argv: readonly string[],
  options: Options,
  allowPositionals: boolean,
  wrong: WrongUse,
): Parsed {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals, strict: true })
  } catch (thrown) {
    throw usage(refusal(thrown, wrong))
  }
}

/** Node says in English only what it does not take; which word it was stands in quotes. */
function refusal(thrown: unknown, wrong: WrongUse): string {
  if (!(thrown instanceof Error) || !('code' in thrown)) throw thrown
  const { message, code } = thrown
  const option = /'(-[^' ]+)/u.exec(message)?.[1] ?? ''
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return wrong.option(option)
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return message.includes('does not take') ? wrong.valueTooMuch(option) : wrong.valueMissing(option)
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return wrong.argument(/'(.*)'\. This/su.exec(message)?.[1] ?? '')
    default:
      throw thrown
  }
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

const WHILES: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 }
const MAX_WHILE_MS = 7 * 24 * 3_600_000

interface Bound {
  readonly bytes: number
  readonly said: string
}

/** Reads an option's value as what it must be; undefined when it was not given. */
export function reader(values: Parsed['values'], wrong: WrongUse) {
  return {
    choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
      const given = text(values[name])
      if (given === undefined) return undefined
      const chosen = choices.find((choice) => choice === given)
      if (chosen === undefined) throw usage(wrong.choice(`--${name}`, choices, given))
      return chosen
    },
    whole(name: string, least: number, most: number): number | undefined {
      const given = text(values[name])
      if (given === undefined) return undefined
      const value = /^\d+$/u.test(given) ? Number(given) : NaN
      if (value >= least && value <= most) return value
      throw usage(wrong.whole(`--${name}`, least, most, given))
    },
    /** A while: 90s, 30m, 2h. */
    forMs(name: string): number | undefined {
      const given = text(values[name])
      if (given === undefined) return undefined
      const [, digits, unit = 'm'] = /^(\d+)([smh]?)$/u.exec(given) ?? []
      const ms = Number(digits) * (WHILES[unit === '' ? 'm' : unit] ?? NaN)
      if (ms > 0 && ms <= MAX_WHILE_MS) return ms
      throw usage(wrong.while(`--${name}`, given))
    },
    size(name: string, { least, most }: { least?: Bound; most?: Bound }): number | undefined {
      const given = text(values[name])
      if (given === undefined) return undefined
      const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([kmg]?)i?b?$/iu.exec(given) ?? []
      const factor = UNITS[unit.toLowerCase()]
      if (digits === undefined || factor === undefined) throw usage(wrong.size(`--${name}`, given))
      const bytes = Math.floor(Number(digits) * factor)
      if (least && bytes < least.bytes) throw usage(wrong.atLeast(`--${name}`, least.said))
      if (most && bytes > most.bytes) throw usage(wrong.atMost(`--${name}`, most.said))
      return bytes
    },
  }
}

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

export function usage(message: string): DriveError {
  return new DriveError('invalid-argument', message, { detail: message })
}
