import { type Answer, breach, refusal } from '../answers.ts'
import type { Blob } from '../blobs.ts'
import { fieldsAndFile, keepingNothingRefused, readForm } from '../multipart.ts'
import type { Platform } from '../platform.ts'
import { parseRequest, singleSchema } from '../rules.ts'
import { resolveTarget } from './create.ts'
import type { EndpointDefinition } from './endpoint.ts'

const QUEUED: Answer = {
  kind: 'error',
  status: 200,
  code: 1,
  message: '该任务已成功进入秒传队列,任务队列削峰中,未直接获取到文件ID,请慢一点',
}

export const singleCreate: EndpointDefinition = {
  name: 'single_create',
  host: 'upload',
  method: 'POST',
  path: '/upload/v2/file/single/create',
  auth: 'token',
  handle: async (exchange, platform) => {
    const { blobs, quirks } = platform
    const parts = await readForm(exchange, { blobs, quirks })
    return keepingNothingRefused(parts, blobs, () => {
      const { fields, file } = fieldsAndFile(parts, 'file')
      return accept(fields, file, platform)
    })
  },
}

async function accept(
  fields: Readonly<Record<string, string>>,
  file: Blob,
  platform: Platform,
): Promise<Answer> {
  const { drive } = platform
  const body = parseRequest(singleSchema, fields)
  if (file.size !== body.size) throw breach(`文件大小不一致: ${body.size} announced, ${file.size} sent`)
  if (file.md5 !== body.etag) throw refusal('文件md5不一致')
  const queue = queueAnswer(platform, `${body.parentFileID}/${body.filename}/${body.etag}`)
  if (queue === 'not-stored') return QUEUED
  const { parentId, name, duplicate } = await resolveTarget(platform, body)
  const node = drive.storeFile({ parentId, name, method: 'single' }, file.md5, [file], duplicate)
  if (queue === 'stored') return QUEUED
  return { kind: 'data', data: { fileID: node.id, completed: true } }
}

/** Whether this attempt ends in the queue, and whether the file gets there all the same. */
function queueAnswer({ quirks, queuedSingles }: Platform, key: string): 'none' | 'stored' | 'not-stored' {
  const { times, file } = quirks.singleQueue
  const before = queuedSingles.get(key) ?? 0
  if (before >= times) return 'none'
  queuedSingles.set(key, before + 1)
  return file === 'appears' && before + 1 === times ? 'stored' : 'not-stored'
}
