import { Writable } from 'node:stream'
import type { WriteStream } from 'node:tty'

/** Something to print to that remembers, and can be taken for a terminal. */
export class FakeTerminal extends Writable {
  readonly columns: number
  readonly isTTY = true
  text = ''

  constructor(columns = 80) {
    super({ decodeStrings: false })
    this.columns = columns
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString()
    done()
  }

  /** The bars ask for nothing but a width and a place to write. */
  get stream(): WriteStream {
    return this as unknown as WriteStream
  }

  /** What it shows in the end: our own erasing taken into account, no escape sequence left. */
  get screen(): readonly string[] {
    // eslint-disable-next-line no-control-regex -- the sequences that readline writes
    const sequences = /(\u001b\[(\d*)([A-Z]))|\n|([^\u001b\n]+)/gu
    const lines: string[] = ['']
    let row = 0
    for (const [match, , count, kind, text] of this.text.matchAll(sequences)) {
      if (text !== undefined) lines[row] = (lines[row] ?? '') + text
      else if (match === '\n') lines[++row] ??= ''
      else if (kind === 'A') row -= Number(count)
      else if (kind === 'J') {
        lines.length = row + 1
        lines[row] = ''
      }
    }
    return lines.filter((line) => line !== '')
  }
}
