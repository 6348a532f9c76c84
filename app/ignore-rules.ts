/** Rules in gitignore syntax, one a line, for what is left out of folders. */
export const MOST_RULES = 200
export const LONGEST_RULE = 1000

/** As git does it: names differ by case where the file system tells them apart. `platform`: as Node names it. */
export const ignoresCase = (platform: string): boolean => platform === 'win32' || platform === 'darwin'
