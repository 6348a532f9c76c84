import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How the server answers for a file. */
type Answer =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'redirect'; readonly to: string }
  /** Promises all of it, and breaks off in the middle. */
  | { readonly kind: 'cut'; readonly bytes: Buffer }

export interface FeedRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
}

/** A publisher of updates on loopback, with a key of its own. */
export interface UpdateFeed {
  readonly url: string
  readonly publicKey: string
  readonly requests: readonly FeedRequest[]
  /** All is well; `drop`: every connection is closed at once; `hang`: nothing is ever answered. */
  mood: 'serve' | 'drop' | 'hang'
  put(name: string, answer: Answer): void
  /** A signed feed of one file, which is there as well. */
  publish(version: string, file: PublishedFile): void
  close(): Promise<void>
}

export interface PublishedFile {
  readonly name: string
  readonly content: string | Buffer
}

export interface KeyPair {
  readonly publicKey: string
  readonly sign: (text: string) => string
}

export function newKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64'),
  }
}

/** As electron-builder writes it. */
export function feedText(version: string, { name, content }: PublishedFile): string {
  const sha512 = createHash('sha512').update(content).digest('base64')
  return [
    `version: ${version}`,
    'files:',
    `  - url: ${encodeURIComponent(name)}`,
    `    sha512: ${sha512}`,
    `    size: ${Buffer.byteLength(content)}`,
    `path: ${encodeURIComponent(name)}`,
    `sha512: ${sha512}`,
    `releaseDate: '2026-01-01T00:00:00.000Z'`,
    `releaseNotes: 更新说明 ${version}`,
    '',
  ].join('\n')
}

export const text = (content: string | Buffer): Answer => ({ kind: 'bytes', bytes: Buffer.from(content) })

export async function startUpdateFeed(): Promise<UpdateFeed> {
  const keys = newKeyPair()
  const files = new Map<string, Answer>()
  const requests: FeedRequest[] = []
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').slice(1))
    requests.push({ path, headers: request.headers })
    if (feed.mood === 'drop') request.socket.destroy()
    else if (feed.mood === 'serve') answer(files.get(path), response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo
  const feed: UpdateFeed = {
    url: `http://127.0.0.1:${port}/`,
    publicKey: keys.publicKey,
    requests,
    mood: 'serve',
    put: (name, given) => void files.set(name, given),
    publish(version, file) {
      files.clear()
      requests.length = 0
      const yml = feedText(version, file)
      files.set('latest-linux.yml', text(yml))
      files.set('latest-linux.yml.sig', text(keys.sign(yml)))
      files.set(file.name, text(file.content))
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
  return feed
}

function answer(given: Answer | undefined, response: ServerResponse): void {
  switch (given?.kind) {
    case undefined:
      response.writeHead(404).end()
      return
    case 'redirect':
      response.writeHead(302, { location: given.to }).end()
      return
    case 'bytes':
      response.writeHead(200, { 'content-length': given.bytes.length }).end(given.bytes)
      return
    case 'cut':
      response.writeHead(200, { 'content-length': given.bytes.length })
      response.write(given.bytes.subarray(0, given.bytes.length / 2), () => response.destroy())
  }
}
