import { createHash } from 'node:crypto'
import { chmod, open, stat, unlink } from 'node:fs/promises'
import { createConnection, createServer, type Socket } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { DriveError } from '#app/errors'
import type { QueueStatus, TransfersChange } from '#app/ipc'
import { Peer, type NoApi, type Port } from '../workers/rpc.ts'
import type { Engine } from './engine.ts'
import type { TransfersApi } from './protocol.ts'
import { transfersHandlers } from './transfers-handlers.ts'

/**
 * One engine a data folder. Whoever runs it listens on a socket inside that folder (which only its owner may enter); another process
 * of the same person finds it there, and can hand it paths. No token ever crosses.
 */

export interface Holder {
  readonly kind: 'app' | 'cli'
  readonly pid: number
}

interface HolderEvents {
  readonly hello: Holder
  readonly changes: TransfersChange
  readonly status: QueueStatus
}

export interface TransfersServer {
  tell(change: TransfersChange): void
  tellStatus(status: QueueStatus): void
  close(): Promise<void>
}

/** The engine of another process, as one sees it from outside. */
export interface RemoteEngine {
  readonly holder: Holder
  readonly peer: Peer<TransfersApi, NoApi, HolderEvents>
  /** Resolves when it is no longer there. */
  readonly gone: Promise<undefined>
  close(): void
}

/** An engine greets at once; a busy machine is given time. */
const HELLO_MS = 10_000

/** Socket addresses hold 108 bytes at most, macOS 104. */
const MAX_SOCKET_PATH = 100

export function socketPathOf(dataDir: string): string {
  const name = `pan123-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`
  const inside = join(dataDir, 'engine.sock')
  return Buffer.byteLength(inside) <= MAX_SOCKET_PATH
    ? inside
    : join(tmpdir(), `${name}-${userInfo().uid}.sock`)
}

/**
 * Takes the data folder, or fails as `data-folder-held` naming the process that holds it, or as `data-folder-unusable` where one cannot
 * listen in it. Comes before the engine, which works in that folder: whoever asks something meanwhile waits for it.
 */
export async function serveTransfers(
  path: string,
  kind: Holder['kind'],
  engine: () => Promise<Engine>,
): Promise<TransfersServer> {
  const self: Holder = { kind, pid: process.pid }
  const peers = new Set<Peer<NoApi, TransfersApi, object, HolderEvents>>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    const peer = new Peer<NoApi, TransfersApi, object, HolderEvents>(
      linePort(socket),
      transfersHandlers(engine),
    )
    peers.add(peer)
    peer.emit('hello', self)
    socket.on('error', () => undefined) // `close` follows.
    socket.on('close', () => {
      peer.close('The other process has gone')
      peers.delete(peer)
      sockets.delete(socket)
    })
  })
  try {
    await listen(server, path)
  } catch (thrown) {
    if (thrown instanceof DriveError) throw thrown
    const code = (thrown as NodeJS.ErrnoException).code ?? ''
    throw new DriveError('data-folder-unusable', `Cannot listen at (${code}): ${path}`, { cause: thrown })
  }
  // The folder may be open to others; this is not.
  if (process.platform !== 'win32') await chmod(path, 0o600)
  return {
    tell(change) {
      for (const peer of peers) peer.emit('changes', change)
    },
    tellStatus(status) {
      for (const peer of peers) peer.emit('status', status)
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => {
          resolve()
        })
      }),
  }
}

/** The engine that holds the folder, or undefined when none does. */
export async function findEngine(path: string): Promise<RemoteEngine | undefined> {
  const socket = await connect(path)
  if (!socket) return undefined
  const peer = new Peer<TransfersApi, NoApi, HolderEvents>(linePort(socket), {})
  const gone = new Promise<undefined>((resolve) => {
    socket.on('close', () => {
      peer.close('The engine has gone')
      resolve(undefined)
    })
  })
  const hello = new Promise<Holder>((resolve) => {
    peer.on('hello', resolve)
  })
  // One that was stopped (SIGSTOP) still holds the folder, but never says so.
  const silent = sleep(HELLO_MS, 'silent' as const, { ref: false })
  const holder = await Promise.race([hello, gone, silent])
  if (holder === 'silent') {
    socket.destroy()
    throw heldBy(undefined)
  }
  return holder && { holder, peer, gone, close: () => void socket.destroy() }
}

export function heldBy(holder: Holder | undefined): DriveError {
  const program = holder?.kind === 'app' ? '123pan Sync' : 'pan123'
  const who = holder ? `${program} (process ${holder.pid})` : 'a process that does not answer'
  return new DriveError('data-folder-held', `The data folder is in use by ${who}`, { detail: who })
}

async function listen(server: ReturnType<typeof createServer>, path: string): Promise<void> {
  for (;;) {
    if (await tryListen(server, path)) return
    const release = await enterTakeover(path)
    if (!release) continue
    try {
      const other = await findEngine(path)
      other?.close()
      if (other) throw heldBy(other.holder)
      // Nobody answers: left by one that was killed.
      await unlinkIfThere(path)
      if (await tryListen(server, path)) return
    } finally {
      await release()
    }
  }
}

/** False when the address is taken, by a living one or by what a dead one left. */
function tryListen(server: ReturnType<typeof createServer>, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    }
    server.once('error', fail)
    server.listen(path, () => {
      server.off('error', fail)
      resolve(true)
    })
  })
}

/** Whoever crashed in the middle of a takeover is not waited for longer than this. */
const TAKEOVER_MS = 10_000

/**
 * One at a time may clear away what a dead one left; else the second would clear away the first's new socket. Undefined after having
 * waited for another: then look again.
 */
async function enterTakeover(path: string): Promise<(() => Promise<void>) | undefined> {
  const lock = `${path}.takeover`
  try {
    await (await open(lock, 'wx', 0o600)).close()
    return () => unlink(lock).catch(() => undefined)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown
    const age = await stat(lock).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (age > TAKEOVER_MS) await unlinkIfThere(lock)
    else await sleep(50)
    return undefined
  }
}

/** What cannot be cleared away, such as a folder of that name, would else be tried for ever. */
async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
  }
}

function connect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(path, () => {
      resolve(socket)
    })
    socket.on('error', () => {
      resolve(undefined)
    })
  })
}

/** A socket as a port: a line of JSON a message. */
function linePort(socket: Socket): Port {
  return {
    postMessage: (message) => {
      if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`)
    },
    on: (_event, listener) =>
      createInterface({ input: socket })
        .on('line', (line) => {
          try {
            listener(JSON.parse(line))
          } catch {
            socket.destroy()
          }
        })
        // It passes on the socket's errors, whose `close` is listened for.
        .on('error', () => undefined),
  }
}
