import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { isLoopback } from '../../cloud/hosts.ts'

/** Where newer versions come from, as it was set when this program was packaged. */
export interface UpdateConfig {
  /** The folder that holds the feed, with a slash at its end. */
  readonly feed: string
  /** Ed25519, as base64 of its SPKI. */
  readonly publicKey: string
  /** Where a person finds the packages. */
  readonly page?: string
}

/** https, or http that does not leave this machine: as for the token (main/cloud/hosts.ts). */
export function isTrustedAddress(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  return parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(parsed.hostname))
}

const address = z.string().max(2000).refine(isTrustedAddress)
const manifest = z.object({
  updates: z.object({
    feed: address.transform((url) => (url.endsWith('/') ? url : `${url}/`)),
    publicKey: z.base64().min(1).max(1000),
    page: address.exactOptional(),
  }),
})

/** Undefined for a program that was packaged without a feed. */
export async function readUpdateConfig(appPath: string): Promise<UpdateConfig | undefined> {
  const text = await readFile(join(appPath, 'package.json'), 'utf8').catch(() => '{}')
  return manifest.safeParse(JSON.parse(text)).data?.updates
}
