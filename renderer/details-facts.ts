import type { SliceMap, TransferDetails } from '#app/details'
import { isFinal, type Transfer } from '#app/transfer'
import { againKey, stateKey } from './transfer-words.ts'
import type { Words } from './words.ts'

/** A line of what is known of a transfer. */
export interface Fact {
  readonly label: string
  readonly value: string
  /** Worth copying by itself: where it is, what it is. */
  readonly copy?: true
  /** To be drawn beside the words. */
  readonly slices?: SliceMap
}

/** All of it, in the order in which one asks: what became of it, where it is, what it is, how it went. `details` comes a moment later. */
export function factsOf(
  transfer: Transfer,
  details: TransferDetails | undefined,
  words: Words,
): readonly Fact[] {
  return [...whereabouts(transfer, details, words), ...course(transfer, details, words)]
}

function whereabouts(
  transfer: Transfer,
  details: TransferDetails | undefined,
  { t, size }: Words,
): readonly Fact[] {
  const { state } = transfer
  const md5 = state.status === 'done' ? state.md5 : details?.md5
  return [
    { label: t('details.state'), value: t(stateKey(state)) },
    { label: t('details.local'), value: transfer.path, copy: true },
    { label: t('details.remote'), value: transfer.remotePath, copy: true },
    { label: t('details.size'), value: size(transfer.size) },
    ...(md5 ? [{ label: t('details.md5'), value: md5, copy: true as const }] : []),
    ...(state.status === 'done' ? [{ label: t('details.method'), value: t(`doing.${state.method}`) }] : []),
  ]
}

function course(transfer: Transfer, details: TransferDetails | undefined, words: Words): readonly Fact[] {
  const { t, size, share, percent, moment } = words
  const { state, keptBytes } = transfer
  const sent = state.status === 'done' ? state.sentBytes : (details?.sentBytes ?? 0)
  const failures = details?.failures ?? 0
  return [
    { label: t('details.source'), value: t(`source.${transfer.source}`) },
    { label: t('details.added'), value: moment(transfer.addedAt) },
    ...(isFinal(state) ? [{ label: t('details.finished'), value: moment(state.finishedAt) }] : []),
    ...(keptBytes > 0 && !isFinal(state)
      ? [
          {
            label: t('details.kept'),
            value: `${share(keptBytes, transfer.size)} (${percent(keptBytes / transfer.size)})`,
          },
        ]
      : []),
    ...(sent > 0 || state.status === 'done' ? [{ label: t('details.sent'), value: size(sent) }] : []),
    ...(details?.slices
      ? [{ label: t('details.slices'), value: slicesInWords(details.slices, words), slices: details.slices }]
      : []),
    ...(failures > 0 ? [{ label: t('details.attempts'), value: t('details.times', { n: failures }) }] : []),
    ...(transfer.startedOver
      ? [{ label: t('details.again'), value: t(againKey(transfer.startedOver)) }]
      : []),
  ]
}

/** `71 / 112 片，每片 16 MB`. */
export function slicesInWords(slices: SliceMap, { t, number, size }: Words): string {
  const done = number(doneSlices(slices))
  return t('details.slicesDone', { done, all: number(slices.count), size: size(slices.sizeBytes) })
}

function doneSlices({ done }: SliceMap): number {
  return done.reduce((sum, { from, end }) => sum + end - from, 0)
}

/** As lines of text, for a letter to whoever helps. */
export function factsAsText(name: string, facts: readonly Fact[], more: readonly Fact[]): string {
  return [name, ...[...facts, ...more].map(({ label, value }) => `${label}: ${value}`)].join('\n')
}

/** How much of each cell has arrived, 0 to 1: a cell is one slice, or some where there are more than that. */
export function sliceCells({ count, done }: SliceMap, most: number): readonly number[] {
  const each = Math.ceil(count / most)
  const arrived = new Array<number>(Math.ceil(count / each)).fill(0)
  for (const { from, end } of done)
    for (let no = from; no < end; no++) {
      const cell = Math.floor((no - 1) / each)
      arrived[cell] = (arrived[cell] ?? 0) + 1
    }
  return arrived.map((slices, cell) => slices / Math.min(each, count - cell * each))
}
