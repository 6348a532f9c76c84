import { refusal } from '../answers.ts'
import {
  checkName,
  detailSchema,
  idsSchema,
  mkdirSchema,
  moveSchema,
  parseRequest,
  renameSchema,
} from '../rules.ts'
import { chinaTime } from '../time.ts'
import type { EndpointDefinition } from './endpoint.ts'

/** What sync does with files and folders beside uploading them (platform-facts 4). */

export const mkdir: EndpointDefinition = {
  name: 'mkdir',
  host: 'api',
  method: 'POST',
  path: '/upload/v1/file/mkdir',
  auth: 'token',
  handle: async (exchange, { drive, quirks }) => {
    const { name, parentID } = parseRequest(mkdirSchema, await exchange.json())
    checkName(name)
    const dirID = await drive.makeFolder(parentID, name, quirks.folderGapMs)
    return { kind: 'data', data: quirks.mkdirWithoutId ? {} : { dirID } }
  },
}

export const move: EndpointDefinition = {
  name: 'move',
  host: 'api',
  method: 'POST',
  path: '/api/v1/file/move',
  auth: 'token',
  handle: async (exchange, { drive }) => {
    const { fileIDs, toParentFileID } = parseRequest(moveSchema, await exchange.json())
    drive.move(fileIDs, toParentFileID)
    return { kind: 'data', data: null }
  },
}

export const rename: EndpointDefinition = {
  name: 'rename',
  host: 'api',
  method: 'PUT',
  path: '/api/v1/file/name',
  auth: 'token',
  handle: async (exchange, { drive }) => {
    const { fileId, fileName } = parseRequest(renameSchema, await exchange.json())
    checkName(fileName)
    drive.rename(fileId, fileName)
    return { kind: 'data', data: null }
  },
}

export const trash: EndpointDefinition = {
  name: 'trash',
  host: 'api',
  method: 'POST',
  path: '/api/v1/file/trash',
  auth: 'token',
  handle: async (exchange, { drive }) => {
    const { fileIDs } = parseRequest(idsSchema, await exchange.json())
    // Those that are not there are none of its business (platform-facts 5).
    for (const id of fileIDs) drive.trash(id)
    return { kind: 'data', data: null }
  },
}

export const recover: EndpointDefinition = {
  name: 'recover',
  host: 'api',
  method: 'POST',
  path: '/api/v1/file/recover',
  auth: 'token',
  handle: async (exchange, { drive }) => {
    const { fileIDs } = parseRequest(idsSchema, await exchange.json())
    return { kind: 'data', data: { abnormalFileIDs: fileIDs.filter((id) => !drive.recover(id)) } }
  },
}

export const detail: EndpointDefinition = {
  name: 'detail',
  host: 'api',
  method: 'GET',
  path: '/api/v1/file/detail',
  auth: 'token',
  handle: (exchange, { drive }) => {
    const { fileID } = parseRequest(detailSchema, exchange.request.query)
    const node = drive.node(fileID)
    if (!node) throw refusal('文件不存在', 5066)
    const isFile = node.kind === 'file'
    const data = {
      fileID: node.id,
      filename: node.name,
      type: isFile ? 0 : 1,
      size: isFile ? node.size : 0,
      etag: isFile ? node.md5 : '',
      status: 0,
      parentFileID: node.parentId,
      createAt: chinaTime(node.createdAt),
      trashed: drive.isTrashed(node) ? 1 : 0,
    }
    return { kind: 'data', data }
  },
}
