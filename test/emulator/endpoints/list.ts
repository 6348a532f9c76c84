import { ROOT_ID } from '../drive.ts'
import type { Node } from '../nodes.ts'
import { listSchema, parseRequest } from '../rules.ts'
import { chinaTime } from '../time.ts'
import type { EndpointDefinition } from './endpoint.ts'

export const list: EndpointDefinition = {
  name: 'list',
  host: 'api',
  method: 'GET',
  path: '/api/v2/file/list',
  auth: 'token',
  handle: (exchange, { drive, quirks }) => {
    const query = parseRequest(listSchema, exchange.request.query)
    const { parentFileId, limit, lastFileId = 0, searchData = '', searchMode = '0' } = query
    if (parentFileId !== ROOT_ID) drive.requireFolder(parentFileId)
    const matches = (name: string) => (searchMode === '1' ? name === searchData : name.includes(searchData))
    // A search looks everywhere, whatever the folder (platform-facts 4).
    const after = quirks.listingDrifts && lastFileId > 0 ? lastFileId - 1 : lastFileId
    const { nodes, more } =
      searchData === '' ? drive.page(parentFileId, after, limit) : drive.search(matches, after, limit)
    const fileList = nodes.map((node) => item(node, drive.isTrashed(node)))
    return { kind: 'data', data: { lastFileId: more ? (nodes.at(-1)?.id ?? -1) : -1, fileList } }
  },
}

function item(node: Node, trashed: boolean): unknown {
  const isFile = node.kind === 'file'
  return {
    fileId: node.id,
    filename: node.name,
    parentFileId: node.parentId,
    type: isFile ? 0 : 1,
    etag: isFile ? node.md5 : '',
    size: isFile ? node.size : 0,
    category: isFile ? category(node.name) : 0,
    status: 0,
    punishFlag: 0,
    s3KeyFlag: isFile ? '1814435971-0' : '',
    storageNode: isFile ? 'm16' : '',
    trashed: trashed ? 1 : 0,
    createAt: chinaTime(node.createdAt),
    updateAt: chinaTime(node.updatedAt),
  }
}

/** 0 unknown, 1 audio, 2 video, 3 image. */
function category(name: string): number {
  if (/\.(mp3|flac|wav|m4a)$/iu.test(name)) return 1
  if (/\.(mp4|mkv|mov|avi)$/iu.test(name)) return 2
  return /\.(jpe?g|png|gif|webp)$/iu.test(name) ? 3 : 0
}
