/** What must never stand in a log or a message, and what stands there instead. Order matters: the widest first. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // Before anything else takes a part of it.
  [/\b([a-z][\w+.-]*:\/\/)[^\s/@]*@/giu, '$1[redacted]@'],
  [/\b(bearer)\s+\S+/giu, '$1 [redacted]'],
  [
    /\b(authorization|accessToken|access_token|refreshToken|refresh_token|clientSecret|client_secret|token)("?\s*[:=]\s*"?)[^\s"&,}]+/giu,
    '$1$2[redacted]',
  ],
  [/\beyJ[\w-]+(?:\.[\w-]+)*/gu, '[redacted]'],
  [/(https?:\/\/[^\s?#"']+)\?[^\s"']*/giu, '$1?[redacted]'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu, '[redacted]'],
  [/(?<![\w-]|\d\.)(?:\+?86[- ]?)?1[3-9]\d{9}(?![\w-]|\.\d)/gu, '[redacted]'],
]

/** More than this says nothing more, and looking through megabytes of it would stop the thread. */
const MAX_LENGTH = 1000

/** Takes tokens, secrets, URL queries, mail addresses and mainland phone numbers out of text that somebody else wrote (design 8), and cuts it short. */
export function redact(text: string): string {
  const short = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text
  return SECRETS.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), short)
}
