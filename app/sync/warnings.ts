import type { NewPair, PairWarning } from './pair.ts'

/** Folders of other clouds' programs, by the names they give them. */
const OTHER_CLOUDS: readonly (readonly [RegExp, string])[] = [
  [/^OneDrive( - .+)?$/iu, 'OneDrive'],
  [/^Dropbox( \(.+\))?$/iu, 'Dropbox'],
  [/^(iCloud ?Drive|com~apple~CloudDocs|Mobile Documents)$/iu, 'iCloud'],
  [/^Google ?Drive$|^GoogleDrive-/iu, 'Google Drive'],
  [/^Nextcloud$/iu, 'Nextcloud'],
  [/^(Nutstore|我的坚果云)$/iu, '坚果云'],
  [/^(BaiduSyncdisk|BaiduNetdiskWorkspace)$/iu, '百度网盘'],
]

/** What a person should know about a pair beside the pairs that are there. Paths as the system writes them. */
export function warningsFor(
  wanted: NewPair,
  others: readonly NewPair[],
  drive: 'local' | 'network' | 'unknown',
): readonly PairWarning[] {
  const warnings: PairWarning[] = []
  const names = partsOf(wanted.localPath)
  for (const other of others) {
    const isSameHere = holds(names, partsOf(other.localPath)) || holds(partsOf(other.localPath), names)
    const [to, there] = [partsOf(wanted.remotePath), partsOf(other.remotePath)]
    if (isSameHere || holds(to, there) || holds(there, to))
      warnings.push({ kind: 'overlaps', other: isSameHere ? other.localPath : other.remotePath })
  }
  if (drive === 'network') warnings.push({ kind: 'network-drive' })
  const cloud = OTHER_CLOUDS.find(([pattern]) => names.some((name) => pattern.test(name)))
  if (cloud) warnings.push({ kind: 'other-cloud', name: cloud[1] })
  return warnings
}

const partsOf = (path: string): readonly string[] => path.split(/[\\/]/u).filter((part) => part !== '')

/** Whether the second is the first, or in it. */
function holds(outer: readonly string[], inner: readonly string[]): boolean {
  return outer.length <= inner.length && outer.every((part, index) => part === inner[index])
}
