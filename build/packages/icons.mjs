/** The app's icon in all its sizes, from build/icon.svg into out/icons: PNGs for Linux, one file of them each for Windows and macOS. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/process.mjs'
import { renderSvg } from '../tray-icons.mjs'

/** Those of the hicolor theme. */
export const LINUX_SIZES = [16, 22, 24, 32, 48, 64, 128, 256, 512]
const WINDOWS_SIZES = [16, 20, 24, 32, 40, 48, 64, 128, 256]
/** By Apple's four letters for a PNG of so many pixels. */
const MAC_TYPES = /** @type {const} */ ([
  ['icp4', 16],
  ['icp5', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024],
])

/** Where electron-builder.yml looks for them. */
export const ICON_FOLDER = join(ROOT, 'out/icons')

export function writeIcons(folder = ICON_FOLDER) {
  const svg = readFileSync(join(ROOT, 'build/icon.svg'), 'utf8')
  const png = (/** @type {number} */ size) => renderSvg(svg, size)
  mkdirSync(folder, { recursive: true })
  for (const size of LINUX_SIZES) writeFileSync(join(folder, `${size}x${size}.png`), png(size))
  writeFileSync(join(folder, 'icon.ico'), ico(WINDOWS_SIZES.map((size) => ({ size, png: png(size) }))))
  writeFileSync(join(folder, 'icon.icns'), icns(MAC_TYPES.map(([type, size]) => ({ type, png: png(size) }))))
}

/** @param {readonly { size: number, png: Buffer }[]} pictures */
function ico(pictures) {
  const header = Buffer.alloc(6 + 16 * pictures.length)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(pictures.length, 4)
  let offset = header.length
  for (const [at, { size, png }] of pictures.entries()) {
    const entry = 6 + 16 * at
    // A byte each for width and height, in which 0 is 256.
    header.writeUInt8(size % 256, entry)
    header.writeUInt8(size % 256, entry + 1)
    header.writeUInt16LE(1, entry + 4)
    header.writeUInt16LE(32, entry + 6)
    header.writeUInt32LE(png.length, entry + 8)
    header.writeUInt32LE(offset, entry + 12)
    offset += png.length
  }
  return Buffer.concat([header, ...pictures.map(({ png }) => png)])
}

/** @param {readonly { type: string, png: Buffer }[]} pictures */
function icns(pictures) {
  const parts = pictures.flatMap(({ type, png }) => [head(type, png.length), png])
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([head('icns', length), ...parts])
}

/** Four letters, and the length with these eight bytes. @param {string} type @param {number} length */
function head(type, length) {
  const bytes = Buffer.alloc(8)
  bytes.write(type, 'latin1')
  bytes.writeUInt32BE(length + 8, 4)
  return bytes
}
