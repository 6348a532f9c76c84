/**
 * The tray's six icons: a cloud and a mark in it, so that no two differ by colour alone. Drawn here, and made into pixels at every build;
 * nothing that draws SVG is in the app. The names are those of `TrayShape` in app/tray-condition.ts.
 */
import { readFileSync } from 'node:fs'
import { Resvg } from '@resvg/resvg-js'

/** @typedef {{ cloud: string, colour: string, mark: string, dot?: string, across?: true }} Icon Paths on a grid of 16. */

const CLOUD = 'M4.3 14A4.05 4.05 0 0 1 3.3 6.05A4.95 4.95 0 0 1 12.75 5.6A4.25 4.25 0 0 1 11.75 14Z'
const BLUE = '#2f74ff'
const GREY = '#7e8794'

/** @type {Record<string, Icon>} */
const ICONS = {
  idle: { cloud: CLOUD, colour: BLUE, mark: 'M4.9 9.2l2.3 2.3l4-4.4' },
  syncing: { cloud: CLOUD, colour: BLUE, mark: 'M8 12.2V6.2M5.3 8.6L8 5.9L10.7 8.6' },
  paused: { cloud: CLOUD, colour: GREY, mark: 'M6.2 6.6V11.4M9.8 6.6V11.4' },
  offline: { cloud: CLOUD, colour: GREY, mark: 'M2.2 2.2L13.8 13.8', across: true },
  attention: { cloud: CLOUD, colour: '#dd7a00', mark: 'M8 4.9V8.7', dot: 'M8 11.7V11.7' },
  error: { cloud: CLOUD, colour: '#e03a3e', mark: 'M5.6 6.6L10.4 11.4M10.4 6.6L5.6 11.4' },
}

/** What a system shows at a scale of 1, and what it picks from on denser screens: main/desktop/tray.ts names the same. */
const SIZES = [16, 20, 22, 24, 32, 40, 44, 48]

/** macOS takes the form alone and colours it itself, as its bar is light or dark. */
const TEMPLATE_SIZES = [18, 36]

/** @param {string} shape @param {'colour' | 'template'} how @returns {string} */
export function traySvg(shape, how) {
  const icon = ICONS[shape]
  if (!icon) throw new Error(`There is no tray icon ${shape}`)
  const { cloud, mark, dot = '', across } = icon
  const colour = how === 'template' ? '#000' : icon.colour
  const line = `fill="none" stroke-linecap="round" stroke-linejoin="round"`
  const cut = `<path d="${mark}${dot}" ${line} stroke="#000" stroke-width="${across ? 4 : 2}"/>`
  const body = `<mask id="cut"><rect width="16" height="16" fill="#fff"/>${cut}</mask>
    <path d="${cloud}" fill="${colour}" mask="url(#cut)"/>`
  // A mark in a cloud is white on any panel; in a template it is a hole.
  const over = across ? colour : how === 'colour' ? '#fff' : undefined
  const drawn = over ? `<path d="${mark}${dot}" ${line} stroke="${over}" stroke-width="2"/>` : ''
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${body}${drawn}</svg>`
}

/** @param {string} svg @param {number} pixels Its width. @returns {Buffer} A PNG. */
export function renderSvg(svg, pixels) {
  return new Resvg(svg, { fitTo: { mode: 'width', value: pixels } }).render().asPng()
}

/** What window managers on Linux show in a title bar and when windows are switched. */
const WINDOW_PIXELS = 128

/** Writes `tray/idle-22.png`, `tray/idle-template-18.png` and so on beside the built main file, and `icon.png`. @returns {import('vite').Plugin} */
export function emitIcons() {
  return {
    name: 'emit-icons',
    generateBundle() {
      const emit = (/** @type {string} */ name, /** @type {string} */ svg, /** @type {number} */ size) =>
        this.emitFile({ type: 'asset', fileName: `tray/${name}-${size}.png`, source: renderSvg(svg, size) })
      for (const shape of Object.keys(ICONS)) {
        for (const size of SIZES) emit(shape, traySvg(shape, 'colour'), size)
        for (const size of TEMPLATE_SIZES) emit(`${shape}-template`, traySvg(shape, 'template'), size)
      }
      const icon = readFileSync(new URL('icon.svg', import.meta.url), 'utf8')
      this.emitFile({ type: 'asset', fileName: 'icon.png', source: renderSvg(icon, WINDOW_PIXELS) })
    },
  }
}
