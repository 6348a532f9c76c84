import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, breach, httpRefusal, refusal, Refusal } from '../answers.ts'
import type { Platform } from '../platform.ts'
import { completeSchema, parseRequest } from '../rules.ts'
import { sliceCount, type Upload, type UploadRow } from '../uploads.ts'
import { requireRoom } from './create.ts'
import type { EndpointDefinition } from './endpoint.ts'

/** A second, less what timers and loopback may be off. */
const MIN_POLL_GAP_MS = 950
/** How long one answer waits for the whole-file MD5 before it says "not yet". */
const PATIENCE_MS = 2000

export const uploadComplete: EndpointDefinition = {
  name: 'upload_complete',
  host: 'api',
  method: 'POST',
  path: '/upload/v2/file/upload_complete',
  auth: 'token',
  handle: async (exchange, platform) => {
    const { preuploadID } = parseRequest(completeSchema, await exchange.json())
    exchange.preuploadID = preuploadID
    const upload = platform.uploads.get(preuploadID)
    if (!upload) throw refusal('preuploadID不存在或已过期')
    const sinceAnswerMs = exchange.at - upload.polls.answeredAt
    exchange.onAnswered = () => void (upload.polls.answeredAt = Date.now())
    if (sinceAnswerMs < MIN_POLL_GAP_MS) {
      const { answer } = httpRefusal(429, '请间隔1秒后再试')
      throw new Refusal(answer, `asked ${sinceAnswerMs} ms after the previous answer`)
    }
    return answer(upload, platform)
  },
}

async function answer(upload: Upload, platform: Platform): Promise<Answer> {
  const state = () => upload.row.state
  const before = state()
  if (before.status !== 'open') return ended(before, platform)
  const count = sliceCount(upload.row)
  const missing = count - [...upload.slices.keys()].filter((no) => no <= count).length
  if (missing > 0) throw breach(`分片未全部上传: ${missing} missing`)
  const md5 = await Promise.race([upload.wholeMd5(), sleep(PATIENCE_MS, undefined)])
  // Another poll may have ended it during the wait.
  const now = state()
  if (now.status !== 'open') return ended(now, platform)
  if (md5 === undefined) return notYet(platform)
  if (md5 !== upload.row.etag) return mismatch(upload, platform)
  if (upload.polls.notYets < platform.quirks.completion.times) {
    upload.polls.notYets += 1
    return notYet(platform)
  }
  return finish(upload, md5, platform)
}

function ended(state: Exclude<UploadRow['state'], { status: 'open' }>, { quirks }: Platform): Answer {
  if (state.status === 'failed') throw refusal('文件上传失败')
  if (quirks.forgetsCompleted) throw refusal('preuploadID不存在或已过期')
  return completed(state.fileID)
}

function notYet({ quirks }: Platform): Answer {
  if (quirks.completion.kind === 'code-20103') throw checking()
  return { kind: 'data', data: { completed: false, fileID: 0 } }
}

/** Found out only after one "checking" (platform-facts 3.5, 3.6). */
async function mismatch(upload: Upload, { blobs, uploads }: Platform): Promise<never> {
  if (!upload.polls.saidChecking) {
    upload.polls.saidChecking = true
    throw checking()
  }
  const slices = [...upload.slices.values()]
  uploads.end(upload.row.id, { status: 'failed' })
  await blobs.remove(slices)
  throw refusal('文件上传失败')
}

function finish(upload: Upload, md5: string, platform: Platform): Answer {
  const { drive, uploads } = platform
  const { id, parentId, name, size, duplicate } = upload.row
  // Another one may have taken the room since the upload was created.
  requireRoom(platform, size)
  const blobs = [...upload.slices].sort(([a], [b]) => a - b).map(([, blob]) => blob)
  // Refuses when the name has been taken, or the folder lost, since the upload was created.
  const file = drive.storeFile({ parentId, name, method: 'sliced' }, md5, blobs, duplicate)
  uploads.end(id, { status: 'done', fileID: file.id })
  return completed(file.id)
}

function completed(fileID: number): Answer {
  return { kind: 'data', data: { completed: true, fileID } }
}

function checking(): Refusal {
  return refusal('文件正在校验中,请间隔1秒后再试', 20103)
}
