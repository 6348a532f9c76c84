/** Every way an operation can fail that a person or a retry policy may need to tell apart. Closed: the words for each are in renderer/locales. */
export type ErrorCode =
  | FileErrorCode
  | NameErrorCode
  | NetworkErrorCode
  | PlatformErrorCode
  | SessionErrorCode
  | UpdateErrorCode
  | 'cancelled'
  | 'invalid-argument'
  /** Another engine works on the data folder: there is one a folder. */
  | 'data-folder-held'
  /** The data folder cannot be made or written. */
  | 'data-folder-unusable'
  /** What the data folder held of earlier transfers could not be read, or is a newer version's: it was set aside. */
  | 'queue-set-aside'
  /** A thread of ours died; its work goes back to the queue. */
  | 'interrupted'
  | 'internal'

/** What is wrong with the file on this machine. */
type FileErrorCode =
  | 'file-missing'
  | 'file-unreadable'
  | 'file-unwritable'
  /** Another program holds it in a way that keeps everybody out (Windows). */
  | 'file-locked'
  | 'not-a-file'
  | 'file-too-large'
  | 'file-changed'
  | 'folder-unreadable'
  /** Another name in the folder differs from it by case or accents alone (sync). */
  | 'name-clash'
  /** Bytes that are no UTF-8 (Linux): as text it is another name. */
  | 'name-encoding'

/** A name the cloud does not take (spec, "文件名要小于256个字符…"); one code a rule. */
export type NameErrorCode = 'name-blank' | 'name-too-long' | 'name-character'

type NetworkErrorCode =
  | 'offline'
  /** The person's proxy makes no way to the platform: it is not there, refuses, or wants other credentials. */
  | 'proxy-failed'
  /** The connection broke while something was on its way. */
  | 'connection-lost'
  | 'timeout'
  /** The gateway gave up on a request body after about 60 s (platform-facts 3.3). */
  | 'slow-uplink'
  /** An upload server only reachable without TLS: it is not given the token. */
  | 'insecure-server'

/** What the platform answered. */
type PlatformErrorCode =
  | 'rate-limited'
  | 'server'
  /** An answer that is not what the spec promises: HTML, broken JSON, missing fields. */
  | 'malformed-answer'
  /** The instant-upload queue is full for a moment (秒传队列, platform-facts 2). */
  | 'busy'
  /** Still being checked (20103). */
  | 'verifying'
  | 'verify-timeout'
  /** The bytes that arrived do not have the MD5 that was announced (文件上传失败). */
  | 'integrity'
  /** The platform no longer knows the preuploadID. */
  | 'upload-expired'
  | 'name-taken'
  | 'name-refused'
  /** After an answer that got lost: more than one file there could be the one we sent. */
  | 'ambiguous'
  | 'parent-missing'
  | 'not-found'
  | 'quota-exceeded'
  | 'traffic-exhausted'
  /** Any other business error; its message is kept for support. */
  | 'refused'

type SessionErrorCode =
  | 'signed-out'
  | 'unauthorized'
  /** More than three live tokens for one client id (platform-facts 1.1). */
  | 'token-limit'
  /** A client id and secret the platform does not accept. */
  | 'credentials-refused'
  | 'keychain-unavailable'
  /** Queued while somebody else was signed in: their files are not put into another account. */
  | 'other-account'

/** A newer version of the program itself. None of these changes the one that is running. */
type UpdateErrorCode =
  /** Feed or file is not what the publisher signed. */
  | 'update-untrusted'
  /** The feed does not answer, or has nothing for this program. */
  | 'update-unreachable'
  /** The feed offers an older version than this one: nothing goes back. */
  | 'update-older'
  /** The download broke off. */
  | 'update-cut'
  /** It could not be written: the disk is full, or the place may not be written to. */
  | 'update-unwritable'
  /** The system refused to install it, or the person did. */
  | 'update-not-installed'

/** The form in which a failure is stored, logged, or sent between processes: plain data only. */
export interface Failure {
  readonly code: ErrorCode
  /** For logs and support. Never a token, a body, a phone number or a mail address. */
  readonly message: string
  /** What the sentence for people is about: the forbidden character, the folder name, the host. */
  readonly detail?: string
  /** Set when the server said when to come back. */
  readonly retryAfterMs?: number
  /** The platform's x-traceID, for support. */
  readonly traceId?: string
}

export class DriveError extends Error {
  readonly failure: Failure

  constructor(
    code: ErrorCode,
    message: string,
    options: Omit<Failure, 'code' | 'message'> & { cause?: unknown } = {},
  ) {
    const { cause, ...rest } = options
    super(message, { cause })
    this.name = 'DriveError'
    this.failure = { code, message, ...rest }
  }

  get code(): ErrorCode {
    return this.failure.code
  }

  static from({ code, message, ...rest }: Failure): DriveError {
    return new DriveError(code, message, rest)
  }
}

/** Flattens anything thrown. Whatever we did not foresee is `internal`: a bug, never a retry. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof DriveError) return thrown.failure
  return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) }
}
