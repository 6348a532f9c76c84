import { join } from 'node:path'
import { ROOT, runNode } from './process.mjs'

/** Builds main, preload and renderer into out/, and says whether that went well. */
export async function buildApp() {
  console.log('build: electron-vite build')
  const program = join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js')
  const { code } = await runNode([program, 'build', '--logLevel', 'warn'])
  return code === 0
}
