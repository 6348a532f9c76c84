import type { ErrorCode } from '#app/errors'
import { isFinal, type Transfer, type TransferState } from '#app/transfer'
import type { MessageKey } from './locales/messages.ts'

export type Tone = 'idle' | 'accent' | 'ok' | 'warn' | 'bad'

/** The word on a row's chip. */
export function stateKey(state: TransferState): Extract<MessageKey, `state.${string}`> {
  switch (state.status) {
    case 'waiting':
      return state.failure.code === 'rate-limited' ? 'state.limited' : 'state.waiting'
    case 'done':
      if (state.method === 'instant') return 'state.instant'
      return state.method === 'present' ? 'state.present' : 'state.done'
    default:
      return `state.${state.status}`
  }
}

export function toneOf(state: TransferState): Tone {
  switch (state.status) {
    case 'creating':
    case 'uploading':
    case 'completing':
      return 'accent'
    case 'waiting':
      return 'warn'
    case 'done':
      return 'ok'
    case 'failed':
      return 'bad'
    default:
      return 'idle'
  }
}

/** How far a bar is filled, 0 to 1; undefined where there is nothing to measure. What is held or waits shows what it goes on from. */
export function fractionOf({ state, size, keptBytes }: Transfer): number | undefined {
  switch (state.status) {
    case 'hashing':
      return share(state.hashed, size)
    case 'creating':
      return keptBytes > 0 ? share(keptBytes, size) : 0
    case 'uploading':
      return share(state.sent, size)
    case 'completing':
    case 'done':
      return 1
    default:
      return keptBytes > 0 && !isFinal(state) ? share(keptBytes, size) : undefined
  }
}

/** Why what was sent before counts no more. */
export function againKey(why: ErrorCode): Extract<MessageKey, `again.${string}`> {
  switch (why) {
    case 'file-changed':
      return 'again.fileChanged'
    case 'integrity':
      return 'again.integrity'
    case 'upload-expired':
      return 'again.expired'
    case 'parent-missing':
      return 'again.parentMissing'
    default:
      return 'again.other'
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : Math.min(1, part / whole)
}

/** The colour of a file's tile; `file` for what we do not know. */
export type Kind =
  'video' | 'image' | 'audio' | 'archive' | 'disk' | 'pdf' | 'sheet' | 'text' | 'slides' | 'code' | 'file'

const EXTENSIONS: Readonly<Record<Exclude<Kind, 'file'>, string>> = {
  video: 'mp4 mov mkv avi webm flv wmv m4v rmvb mpg',
  image: 'jpg jpeg png gif webp heic bmp svg tif tiff raw arw cr2 cr3 nef dng psd ai',
  audio: 'mp3 flac wav aac m4a ogg opus ape wma',
  archive: 'zip rar 7z tar gz tgz bz2 xz zst',
  disk: 'iso img dmg vhd vmdk exe msi deb rpm apk pkg',
  pdf: 'pdf',
  sheet: 'xls xlsx csv ods numbers',
  text: 'doc docx odt pages rtf epub mobi',
  slides: 'ppt pptx odp key',
  code: 'js mjs vue py java c h cpp go rs html css json xml yml yaml sh sql',
}

const KINDS: ReadonlyMap<string, Kind> = new Map(
  Object.entries(EXTENSIONS).flatMap(([kind, list]) =>
    list.split(' ').map((it) => [it, kind as Kind] as const),
  ),
)

/** `a.RAW` → `raw`; none for `Makefile` and `.profile`. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : ''
}

export function kindOf(name: string): Kind {
  return KINDS.get(extensionOf(name)) ?? 'file'
}
