/** Text on a terminal, where a Chinese character takes two columns. */

/** A name or a server's words are data: they must not move the cursor. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/gu, '\ufffd')
}

/** Cut to less than the terminal's width: a line that wraps could not be taken back. */
export function fit(line: string, columns: number): string {
  let width = 0
  let text = ''
  for (const character of printable(line)) {
    width += columnsOf(character)
    if (width >= columns) break
    text += character
  }
  return text
}

/** Filled up with spaces to so many columns. */
export function pad(text: string, columns: number): string {
  const width = Array.from(text).reduce((sum, character) => sum + columnsOf(character), 0)
  return text + ' '.repeat(Math.max(0, columns - width))
}

function columnsOf(character: string): number {
  return /[\u1100-\uffdc\u{1f000}-\u{3ffff}]/u.test(character) ? 2 : 1
}
