/** A plain table for a terminal, where a Chinese character is two columns wide. */

const WIDE =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303f\uff00-\uff60]|\p{Emoji_Presentation}/u

/** @param {string} text */
const width = (text) => [...text].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0)

/**
 * @param {readonly (readonly string[])[]} rows The first is the heading.
 * @param {ReadonlySet<number>} right Columns that are aligned to the right.
 */
export function table(rows, right) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))))
  const line = (/** @type {readonly string[]} */ row) =>
    row.map((cell, column) => {
      const space = ' '.repeat((widths[column] ?? 0) - width(cell))
      return right.has(column) ? space + cell : cell + space
    })
  return rows.map((row) => line(row).join('  ').trimEnd()).join('\n')
}
