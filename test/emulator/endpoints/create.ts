import type { z } from 'zod'
import { type Answer, refusal } from '../answers.ts'
import type { Content } from '../nodes.ts'
import type { Platform } from '../platform.ts'
import { createSchema, parseFilename, parseRequest } from '../rules.ts'
import { uploadServers } from './domain.ts'
import type { EndpointDefinition } from './endpoint.ts'

export const create: EndpointDefinition = {
  name: 'create',
  host: 'api',
  method: 'POST',
  path: '/upload/v2/file/create',
  auth: 'token',
  handle: async (exchange, platform) => {
    const { drive, quirks, uploads } = platform
    const body = parseRequest(createSchema, await exchange.json())
    const target = await resolveTarget(platform, body)
    const content = drive.content(body.etag, body.size)
    if (content) return instant(platform, target, content)
    const upload = uploads.create({
      ...target,
      etag: body.etag,
      size: body.size,
      sliceSize: quirks.sliceSize,
    })
    exchange.preuploadID = upload.row.id
    const data = {
      fileID: 0,
      reuse: false,
      preuploadID: upload.row.id,
      sliceSize: upload.row.sliceSize,
      servers: quirks.emptyServers ? [] : uploadServers(platform),
    }
    return { kind: 'data', data }
  },
}

type Wanted = Pick<
  z.infer<typeof createSchema>,
  'parentFileID' | 'filename' | 'size' | 'duplicate' | 'containDir'
>

export interface Target {
  readonly parentId: number
  readonly name: string
  readonly duplicate?: 1 | 2
}

/** Where the file goes: name rules, the parent, folders of the path, and whether the name is free. Both ways of uploading ask this. */
export async function resolveTarget({ drive, quirks }: Platform, wanted: Wanted): Promise<Target> {
  const { folders, name } = parseFilename(wanted.filename, wanted.containDir ?? false)
  requireRoom({ drive, quirks }, wanted.size)
  if (wanted.size === 0 && quirks.zeroByteFiles === 'refused') throw refusal('不支持上传空文件')
  const parentId = await drive.makeFolders(wanted.parentFileID, folders, quirks.folderGapMs)
  drive.requireFreeName(parentId, name, wanted.duplicate)
  return { parentId, name, ...(wanted.duplicate === undefined ? {} : { duplicate: wanted.duplicate }) }
}

/** A file of that size still fits, or a refusal. The bin takes no room (platform-facts 5, unverified). */
export function requireRoom({ drive, quirks }: Pick<Platform, 'drive' | 'quirks'>, bytes: number): void {
  if (drive.usedBytes + bytes > quirks.spaceBytes) throw refusal('云盘空间不足')
}

/** 秒传: the answer has neither preuploadID nor servers nor sliceSize. */
function instant(
  { drive, quirks }: Platform,
  { parentId, name, duplicate }: Target,
  content: Content,
): Answer {
  if (quirks.reuseWithoutId === 'file-never-appears')
    return { kind: 'data', data: { fileID: 0, reuse: true } }
  const { id } = drive.addFile({ parentId, name, method: 'instant' }, content, duplicate)
  return { kind: 'data', data: { fileID: quirks.reuseWithoutId === 'off' ? id : 0, reuse: true } }
}
