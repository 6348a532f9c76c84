import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './process.mjs'

/** Of package.json. @returns {{ name: string, version: string, engines: { node: string }, devDependencies: { electron: string } }} */
export const manifest = () => JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
