/** A program's path as one word, in the languages that the entries of file managers are written in. */

/** sh: nothing means anything in single quotes, but the quote itself. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** As g_shell_parse_argv and sh both read it in double quotes. */
function doubleQuoted(text: string): string {
  return `"${text.replaceAll(/["`$\\]/gu, '\\$&')}"`
}

/** What a string of a desktop entry or any other GKeyFile stands for. */
function keyFileString(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r')
}

/** The first word of a desktop entry's `Exec`: quoted, then without field codes, then as a string of that file. */
export function execWord(text: string): string {
  return keyFileString(doubleQuoted(text).replaceAll('%', '%%'))
}

/**
 * The first word of Nemo's `Exec`, which it splits as a command line. Nemo 5 knows no sign for a percent, and at a strange one it stops
 * looking for those that it fills in.
 */
export function nemoExecWord(text: string): string {
  return keyFileString(doubleQuoted(text))
}

export function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** A string literal of Python is one of JSON, but for U+2028 and the like, which it takes as they are. */
export function pythonString(text: string): string {
  return JSON.stringify(text)
}
