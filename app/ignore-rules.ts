/** Rules in gitignore syntax, one a line, for what is left out of folders. */
/** What most people leave out of a folder; new pairs begin with them. */
export const COMMON_RULES = [
  'node_modules/',
  '.git/',
  '*.tmp',
  '~$*',
  '.~lock.*',
  '*.crdownload',
  '.DS_Store',
  'Thumbs.db',
] as const

export const MOST_RULES = 200
export const LONGEST_RULE = 1000

/** As git does it: names differ by case where the file system tells them apart. `platform`: as Node names it. */
export const ignoresCase = (platform: string): boolean => platform === 'win32' || platform === 'darwin'
