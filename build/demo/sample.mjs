/** What the demo sends when it is given no files: small ones, one that goes in slices, and a copy that goes at once. */
import { randomBytes } from 'node:crypto'
import { appendFileSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const MB = 1_000_000

/** Over the largest single-step file, so that it goes in slices; not a multiple of a slice. */
const LARGE_BYTES = 70 * MB + 12_345

/** Name and size. Contents are random, so nothing is there already. */
const SMALL = /** @type {const} */ ([
  ['说明.txt', 420],
  ['空文件.txt', 0],
  ['工作/合同 (终稿).docx', 48_123],
  ['工作/2025 年度预算.xlsx', 96_000],
  ['工作/archive/old/notes.md', 1_024],
  ['照片/春节/IMG_0001.jpg', 2 * MB + 17],
  ['照片/春节/IMG_0002.jpg', 3 * MB + 5],
  ['照片/𠮷野家 海边.jpg', 1 * MB],
  ['Résumé & más.pdf', 250_001],
])

/**
 * Two batches: the copy is offered only when its original has arrived, so that it is always instant.
 * @param {string} folder An empty one.
 * @returns {string[][]} The paths of each batch.
 */
export function makeSample(folder) {
  const root = join(folder, '演示 demo')
  for (const [name, size] of SMALL) {
    const file = join(root, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, randomBytes(size))
  }
  const original = join(root, '假期视频.mp4')
  writeFileSync(original, '')
  for (let left = LARGE_BYTES; left > 0; left -= MB) appendFileSync(original, randomBytes(Math.min(left, MB)))
  const copy = join(folder, '假期视频 - 副本.mp4')
  copyFileSync(original, copy)
  return [[root], [copy]]
}
