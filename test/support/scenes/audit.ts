import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type * as Axe from 'axe-core'
import type { Page } from 'playwright-core'
import { SEEDED_WORDS } from './seed.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** WCAG 2.1, levels A and AA. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']

/** What axe has to say against the page as it stands, a line each. */
export async function violations(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  const results = await page.evaluate(
    (tags) =>
      (window as unknown as { axe: typeof Axe }).axe.run(document, {
        runOnly: { type: 'tag', values: tags },
        resultTypes: ['violations'],
      }),
    RULES,
  )
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id}: ${help}: ${target.join(' ')} (${failureSummary?.split('\n').at(-1)?.trim() ?? ''})`,
    ),
  )
}

/** Words that are cut off though nothing shows it, and things that reach out of the window or over one another. */
export function cutOff(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const visible = [...document.querySelectorAll<HTMLElement>('body *')].filter((element) =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true }),
    )
    const found: string[] = []
    const name = (element: HTMLElement): string =>
      `${element.tagName.toLowerCase()}.${element.className}: ${element.textContent.trim().slice(0, 60)}`
    for (const element of visible) {
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim())
      // What is typed into a field scrolls in it; its hint does not.
      if (!own && !element.matches('input:placeholder-shown, select, button')) continue
      // Paths and names end in an ellipsis, by design; what is only for screen readers is not seen.
      // A badge stands over the edge of its entry.
      if (element.closest('.ellipsis, .file-name, .visually-hidden, .why, .how, .entry')) continue
      const { right, left, width } = element.getBoundingClientRect()
      if (width === 0) continue
      const scrolls = element.closest('[data-scrolls]')
      if (!scrolls && (right > window.innerWidth + 1 || left < -1)) found.push(`outside: ${name(element)}`)
      if (
        element.scrollWidth > element.clientWidth + 1 &&
        !['inline', 'contents'].includes(getComputedStyle(element).display) &&
        getComputedStyle(element).overflowX !== 'auto'
      )
        found.push(`cut: ${name(element)}`)
      const box = element.closest('.card, .el-dialog, .el-button, main, aside, .banner')
      const around = box?.getBoundingClientRect()
      if (around && !scrolls && (right > around.right + 1 || left < around.left - 1))
        found.push(`over its edge: ${name(element)}`)
    }
    for (const footer of document.querySelectorAll<HTMLElement>('.el-dialog__footer')) {
      if (!footer.checkVisibility()) continue
      const { top } = footer.getBoundingClientRect()
      for (const part of footer.parentElement?.querySelectorAll<HTMLElement>('.el-dialog__body > *') ?? [])
        if (part.getBoundingClientRect().bottom > top + 1) found.push(`under the buttons: ${name(part)}`)
    }
    if (document.documentElement.scrollHeight > window.innerHeight) found.push('the page scrolls')
    if (document.documentElement.scrollWidth > window.innerWidth) found.push('the page scrolls sideways')
    return [...new Set(found)]
  })
}

/** Names that are the same in every language, and what is no word: numbers with their units, codes, keys. */
const NEUTRAL =
  /123pan Sync|123pan|pan123|123云盘|简体中文|English|client ID|client secret|access token|\bMD5\b|\bCSV\b|\bMIT\b|\bVIP\b|\bU?ID\b|Electron|Chromium|Node(?:\.js)?|HTTPS?|SOCKS5|gitignore|node_modules|Thumbs\.db|\.DS_Store|\b[KMGTP]?B(?:\/s)?\b|Ctrl|Shift|Delete|Space|Linux(?: \S+)?|Debian|Thunar|\bx64\b|\barm64\b|[\da-f]{32}|[\w-]*kong-db[\w-]*|https?:\/\/\S+|127\.0\.0\.1/gu

/** Words of the other language, wherever a person or a screen reader meets them. */
export async function foreignWords(
  page: Page,
  language: 'zh-CN' | 'en',
  data: readonly (RegExp | string)[] = [],
): Promise<readonly string[]> {
  const texts = await page.evaluate(() => {
    const found = new Set<string>()
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement
      if (
        element?.closest('script, style, .tile, .avatar, .file-name, [data-testid=licence]') ||
        !element?.checkVisibility()
      )
        continue
      const text = node.textContent?.trim()
      if (text) found.add(text)
    }
    for (const element of document.querySelectorAll('[title], [aria-label], [placeholder], [alt]')) {
      for (const attribute of ['title', 'aria-label', 'placeholder', 'alt']) {
        const text = element.getAttribute(attribute)?.trim()
        if (text) found.add(text)
      }
    }
    return [...found]
  })
  const foreign = language === 'en' ? /[\p{Script=Han}，。：；！？、]/u : /[a-z]{2}/iu
  return texts.filter((text) => {
    const rest = [...data, NEUTRAL, SEEDED_WORDS].reduce<string>(
      (left, part) => left.replaceAll(typeof part === 'string' ? part : new RegExp(part, 'gu'), ' '),
      text,
    )
    return foreign.test(rest)
  })
}
