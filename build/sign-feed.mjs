/**
 * Signs an update feed, so that the app believes it (main/desktop/update/signed-feed.ts): beside each NAME.yml that electron-builder
 * has written, NAME.yml.sig is the Ed25519 signature over its bytes, in base64.
 *
 *   node build/sign-feed.mjs DIR               with the private key in the PEM file that PAN123_UPDATE_KEY names
 *   node build/sign-feed.mjs --new-key FILE    makes such a file, and prints the public key for packaging
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Told, runMain } from './support/process.mjs'

/** What electron-builder writes for people who build, not for the app. */
const NO_FEED = /^builder-(?:debug|effective-config)\.ya?ml$/u

/** @param {import('node:crypto').KeyObject} privateKey What is packaged into the app: base64 of its SPKI. */
const publicKeyOf = (privateKey) =>
  createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64')

/** @param {string} file */
function makeKey(file) {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  try {
    // Never over another one: what is in use would have no further updates.
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw new Told(`sign-feed: the key could not be written: ${messageOf(error)}`)
  }
  console.log(publicKeyOf(privateKey))
}

function readKey() {
  const file = process.env['PAN123_UPDATE_KEY']
  if (!file) throw new Told('sign-feed: PAN123_UPDATE_KEY names no file with the private key.')
  try {
    const key = createPrivateKey(readFileSync(file))
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`it is ${key.asymmetricKeyType}, not Ed25519`)
    return key
  } catch (error) {
    throw new Told(`sign-feed: the key in PAN123_UPDATE_KEY cannot be used: ${messageOf(error)}`)
  }
}

/** @param {string} folder */
function signFeed(folder) {
  const key = readKey()
  const feeds = readdirSync(folder).filter((name) => name.endsWith('.yml') && !NO_FEED.test(name))
  if (feeds.length === 0) throw new Told(`sign-feed: there is no feed (*.yml) in ${folder}.`)
  for (const name of feeds) {
    const signature = sign(null, readFileSync(join(folder, name)), key)
    writeFileSync(join(folder, `${name}.sig`), `${signature.toString('base64')}\n`)
    console.log(`sign-feed: ${name}.sig`)
  }
  console.log(`sign-feed: signed for the public key ${publicKeyOf(key)}`)
}

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error))

await runMain(() => {
  const [first = '', file = '', ...rest] = process.argv.slice(2)
  if (first === '--new-key' && file !== '' && rest.length === 0) makeKey(file)
  else if (first !== '' && !first.startsWith('-') && file === '') signFeed(first)
  else throw new Told('usage: node build/sign-feed.mjs DIR | --new-key FILE')
  return Promise.resolve(0)
})
