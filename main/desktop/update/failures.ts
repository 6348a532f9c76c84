import { DriveError, toFailure, type ErrorCode, type Failure } from '#app/errors'
import { redact } from '#app/redact'

/** What was being done when it failed. */
export type UpdateStep = 'check' | 'download' | 'install'

const OTHERWISE: Readonly<Record<UpdateStep, ErrorCode>> = {
  check: 'update-unreachable',
  download: 'update-cut',
  install: 'update-not-installed',
}

/** As electron-updater and the system name them. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  ERR_CHECKSUM_MISMATCH: 'update-untrusted',
  ERR_UPDATER_INVALID_SIGNATURE: 'update-untrusted',
  ENOSPC: 'update-unwritable',
  EDQUOT: 'update-unwritable',
  EROFS: 'update-unwritable',
  EACCES: 'update-unwritable',
  EPERM: 'update-unwritable',
}

/** Everything that goes wrong with an update, in one of its own codes: the others' words are about uploads. */
export function updateFailure(thrown: unknown, step: UpdateStep): Failure {
  const failure = toFailure(thrown)
  if (thrown instanceof DriveError && failure.code.startsWith('update-')) return failure
  const code = thrown instanceof Error && 'code' in thrown ? CODES[String(thrown.code)] : undefined
  // What a server answered is said in further lines.
  const [line = ''] = failure.message.split('\n')
  return { code: code ?? OTHERWISE[step], message: redact(line) }
}
