/** What electron-builder says when it fails, for people: it prints a stack. */

const NETWORK =
  /github\.com|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|CERT|socket hang up/

/** A line of its output as it is shown; undefined for a stack's. @param {string} line */
export function withoutStack(line) {
  return /^\s+at /.test(line) ? undefined : line.replace(/\s+(failedTask=\S+\s+)?stackTrace=.*$/, '')
}

/**
 * Why it failed, in a sentence.
 * @param {readonly string[]} lines All that it printed.
 * @param {number} code Its exit code.
 */
export function packagingFailure(lines, code) {
  const line = lines.find((candidate) => candidate.includes('⨯')) ?? ''
  const reason = (withoutStack(line) ?? '').replace('⨯', '').trim()
  if (NETWORK.test(reason))
    return (
      `dist: a download failed (${reason}). Packaging needs Electron and tools from GitHub: please try again where it can be ` +
      'reached, or name mirrors in ELECTRON_MIRROR and ELECTRON_BUILDER_BINARIES_MIRROR.'
    )
  return `dist: electron-builder failed (exit code ${code})${reason && `: ${reason}`}.`
}
