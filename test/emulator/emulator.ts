import { mkdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { serveControl } from './control.ts'
import { ROOT_ID } from './drive.ts'
import { createHost, listen } from './host.ts'
import { Table } from './journal.ts'
import { createPlatform, type Platform } from './platform.ts'
import { parseFilename } from './rules.ts'
import type { Emulator, EmulatorOptions, StoredFile } from './types.ts'

export type { Emulator, EmulatorOptions } from './types.ts'

const UPLOAD_HOSTS = 2

/** The open platform on loopback: one account, strict to `spec/upload-v2.md`. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const folder = options.store ?? (await mkdtemp(join(tmpdir(), 'pan123-emulator-')))
  mkdirSync(folder, { recursive: true })
  const persistence = options.store === undefined ? 'none' : 'kept'
  const { token, quirks = {}, onBodyBytes } = options
  const platform = createPlatform({ folder, persistence, token, quirks, onBodyBytes })
  // Ports are kept too: a client that resumes holds on to the upload hosts it was given.
  const ports = new Table('port', z.number(), platform.journal)

  const api = createHost(platform, 'api')
  if (options.control) serveControl(api, () => emulator)
  const apiPort = await listen(api, options.port ?? 0, ports.get('api'))
  ports.set('api', apiPort)
  const uploadHosts = Array.from({ length: UPLOAD_HOSTS }, () => createHost(platform, 'upload'))
  for (const [index, host] of uploadHosts.entries()) {
    const port = await listen(host, 0, ports.get(`upload-${index}`))
    ports.set(`upload-${index}`, port)
    platform.uploadUrls.push(`http://127.0.0.1:${port}`)
  }

  const close = async () => {
    await Promise.all([api, ...uploadHosts].map((host) => host.close()))
    await platform.uploads.settle()
    platform.journal.close()
    platform.blobs.close()
    if (persistence === 'none') await rm(folder, { recursive: true, force: true })
  }
  const emulator = face(platform, `http://127.0.0.1:${apiPort}`, close)
  return emulator
}

function face(platform: Platform, url: string, close: () => Promise<void>): Emulator {
  const { account, drive, faults, quirks, records, uploadUrls, violations } = platform
  let closing: Promise<void> | undefined
  return {
    url,
    uploadUrls,
    token: account.token,
    clientID: account.clientID,
    clientSecret: account.clientSecret,
    quirks,
    files: () => drive.files(),
    folders: () => drive.folders(),
    requests: () => records,
    violations: () => violations,
    fault: (fault) => {
      faults.add(fault)
    },
    waitingFaults: () => faults.waiting,
    randomFaults: (options) => {
      faults.setRandom(options)
    },
    revoke: (token) => {
      account.revoke(token)
    },
    seed: (path, content) => seed(platform, path, content),
    seedFolder: async (path) => {
      await drive.makeFolders(ROOT_ID, splitPath(path), 0)
    },
    remove: (path) => {
      drive.trash(idOf(drive, path))
    },
    moveTo: (path, newPath) => {
      const names = splitPath(newPath)
      const parent = names.slice(0, -1).join('/')
      const parentId = parent === '' ? ROOT_ID : idOf(drive, `/${parent}`)
      drive.relocate(idOf(drive, path), parentId, names.at(-1) ?? '')
    },
    tree: () => drive.tree(),
    close: () => (closing ??= close()),
  }
}

async function seed({ blobs, drive }: Platform, path: string, content: Uint8Array): Promise<StoredFile> {
  const { folders, name } = parseFilename(path, true)
  const writer = blobs.writer()
  await writer.write(content.slice())
  const blob = await writer.finish()
  const parentId = await drive.makeFolders(ROOT_ID, folders, 0)
  return drive.stored(drive.storeFile({ parentId, name, method: 'single' }, blob.md5, [blob], 2))
}

const splitPath = (path: string): readonly string[] => path.split('/').filter(Boolean)

function idOf(drive: Platform['drive'], path: string): number {
  const found = drive.tree().find((entry) => entry.path === path)
  if (!found) throw new Error(`Not in the drive: ${path}`)
  return found.fileID
}
