import { menuLabels, type MenuEntry } from '../words/shell-menu.ts'
import { MENU_ENTRIES } from './linux.ts'
import { shellWord, xmlText } from './quoting.ts'

/**
 * Thunar's custom actions: one file of the person's (`Thunar/uca.xml`) which holds everybody's. Ours go in before its end and come out
 * again; every other byte stays. Thunar keeps a unique-id when it writes the file anew: by that we know ours.
 */

/** Where there is neither a file of the person's nor one of the system's. */
export const NO_ACTIONS = '<?xml version="1.0" encoding="UTF-8"?>\n<actions>\n</actions>\n'

/** `other`: they call another program. `damaged`: not what Thunar could read, so nothing to be changed. */
export type ThunarState = 'on' | 'off' | 'other' | 'damaged'

export function thunarState(xml: string, program: string): ThunarState {
  const file = parse(xml)
  if (!file) return 'damaged'
  const commands = new Map(file.actions.map(({ id, command }) => [id, command]))
  const found = MENU_ENTRIES.filter((entry) => commands.has(idOf(entry)))
  if (found.length === 0) return 'off'
  return MENU_ENTRIES.every((entry) => commands.get(idOf(entry)) === commandOf(entry, program))
    ? 'on'
    : 'other'
}

/** With our entries for this program, once. Undefined when the file is damaged. */
export function withThunarEntries(xml: string, program: string): string | undefined {
  const rest = withoutThunarEntries(xml)
  const file = rest === undefined ? undefined : parse(rest)
  if (rest === undefined || !file) return undefined
  const ours = MENU_ENTRIES.map((entry) => action(entry, program)).join('')
  const [before, after] = [rest.slice(0, file.end.from), rest.slice(file.end.to)]
  return file.end.closed
    ? `${before}${ours}</actions>${after}`
    : `${before}<actions>\n${ours}</actions>${after}`
}

/** Undefined when the file is damaged. */
export function withoutThunarEntries(xml: string): string | undefined {
  const file = parse(xml)
  if (!file) return undefined
  const ids = new Set(MENU_ENTRIES.map(idOf))
  return file.actions
    .filter(({ id }) => ids.has(id))
    .reduceRight((text, { from, to }) => {
      const indent = text[from - 1] === '\t' ? 1 : 0
      const lineEnd = text[to] === '\n' ? 1 : 0
      return text.slice(0, from - indent) + text.slice(to + lineEnd)
    }, xml)
}

const idOf = (entry: MenuEntry): string => `pan123-sync-${entry}`

/** Thunar has sh run it. A percent is doubled, as it fills in others. */
const commandOf = (entry: MenuEntry, program: string): string =>
  `${shellWord(program).replaceAll('%', '%%')} --${entry} %F`

function action(entry: MenuEntry, program: string): string {
  const labels = menuLabels[entry]
  const fields = [
    '<icon>pan123-sync</icon>',
    `<name>${labels.en}</name>`,
    `<name xml:lang="zh">${labels['zh-CN']}</name>`,
    `<name xml:lang="zh_CN">${labels['zh-CN']}</name>`,
    `<unique-id>${idOf(entry)}</unique-id>`,
    `<command>${xmlText(commandOf(entry, program))}</command>`,
    '<patterns>*</patterns>',
    '<directories/><audio-files/><image-files/><other-files/><text-files/><video-files/>',
  ]
  return `\t<action>${fields.join('')}</action>\n`
}

interface Action {
  readonly id: string
  readonly command: string
  readonly from: number
  readonly to: number
}

interface UcaFile {
  readonly actions: readonly Action[]
  /** The end tag of all; not `closed`: the whole of it is `<actions/>`. */
  readonly end: { readonly from: number; readonly to: number; readonly closed: boolean }
}

const TOKEN =
  /<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!DOCTYPE[^[>]*(?:\[.*?\]\s*)?>|<(?<close>\/?)(?<name>[\w:.-]+)(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(?<empty>\/?)>|[^<]+/suy
const ENTITY = /&(?:(?<named>amp|lt|gt|quot|apos)|#(?<decimal>\d+)|#x(?<hex>[\da-fA-F]+));/gu
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** As much of XML as Thunar reads. Undefined for what is not well-formed, or no list of actions. */
function parse(xml: string): UcaFile | undefined {
  const actions: Action[] = []
  const open: string[] = []
  let end: UcaFile['end'] | undefined
  let current = { from: 0, id: '', command: '' }
  for (let at = 0; at < xml.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at
    const token = TOKEN.exec(xml)
    if (!token) return undefined
    const [text] = token
    const { name, close, empty } = token.groups ?? {}
    const to = at + text.length
    if (name === undefined) {
      const content = contentOf(text)
      if (content === undefined || (open.length === 0 && content.trim() !== '')) return undefined
      if (open.length === 3 && open[2] === 'unique-id') current.id += content
      if (open.length === 3 && open[2] === 'command') current.command += content
    } else if (close) {
      if (empty || open.pop() !== name) return undefined
      if (open.length === 1 && name === 'action') actions.push({ ...current, to })
      if (open.length === 0) end = { from: at, to, closed: true }
    } else {
      if (open.length === 0 && (end || name !== 'actions')) return undefined
      if (open.length === 1 && name === 'action') current = { from: at, id: '', command: '' }
      if (!empty) open.push(name)
      else if (open.length === 0) end = { from: at, to, closed: false }
    }
  }
  return end && open.length === 0 ? { actions, end } : undefined
}

/** The text of what is no tag: none of a comment's. Undefined where a lone `&` stands in it. */
function contentOf(token: string): string | undefined {
  if (token.startsWith('<![CDATA[')) return token.slice('<![CDATA['.length, -']]>'.length)
  if (token.startsWith('<')) return ''
  if (token.replaceAll(ENTITY, '').includes('&')) return undefined
  return token.replaceAll(ENTITY, (_, named?: string, decimal?: string, hex?: string) =>
    named === undefined ? character(Number(decimal ?? `0x${hex ?? ''}`)) : (NAMED[named] ?? ''),
  )
}

const character = (code: number): string => (code <= 0x10_ffff ? String.fromCodePoint(code) : '\ufffd')
