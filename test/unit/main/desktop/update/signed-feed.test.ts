import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { DriveError } from '#app/errors'
import { notesOf, openFeed, type FeedToOpen } from '#main/desktop/update/signed-feed'
import { feedText, newKeyPair } from '#test/update-feed'

const keys = newKeyPair()
const file = { name: 'App-2.0.0.AppImage', content: 'new' }
const TEXT = feedText('2.0.0', file)

const good: FeedToOpen = {
  text: TEXT,
  signature: keys.sign(TEXT),
  publicKey: keys.publicKey,
  channel: 'stable',
  kind: 'appimage',
  running: '1.0.0',
}
/** Another text that the publisher has signed. */
const signed = (text: string): Partial<FeedToOpen> => ({ text, signature: keys.sign(text) })

function codeOf(feed: Partial<FeedToOpen>): string {
  try {
    return `opened ${openFeed({ ...good, ...feed }).version}`
  } catch (thrown) {
    return thrown instanceof DriveError ? thrown.code : String(thrown)
  }
}

const flipped = (base64: string): string => {
  const bytes = Buffer.from(base64, 'base64')
  bytes[0] = (bytes[0] ?? 0) ^ 1
  return bytes.toString('base64')
}
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })

test.each<readonly [string, Partial<FeedToOpen>, string]>([
  ['signed', {}, 'opened 2.0.0'],
  ['signed, with a line break after the signature', { signature: `${good.signature}\n` }, 'opened 2.0.0'],
  ['of the running version', signed(feedText('1.0.0', file)), 'opened 1.0.0'],
  [
    'beta, in the beta channel',
    { ...signed(feedText('2.0.0-beta.1', file)), channel: 'beta' },
    'opened 2.0.0-beta.1',
  ],
  ['stable, in the beta channel', { channel: 'beta' }, 'opened 2.0.0'],
  ['changed by a byte', { text: TEXT.replace('2.0.0', '2.0.1') }, 'update-untrusted'],
  ['with a space more at its end', { text: `${TEXT} ` }, 'update-untrusted'],
  ['cut short', { text: TEXT.slice(0, -20) }, 'update-untrusted'],
  ['empty', { text: '' }, 'update-untrusted'],
  ['with a signature changed by a bit', { signature: flipped(good.signature) }, 'update-untrusted'],
  ['with half a signature', { signature: good.signature.slice(0, 44) }, 'update-untrusted'],
  ['with more than a signature', { signature: good.signature + good.signature }, 'update-untrusted'],
  ['with another text’s signature', { signature: keys.sign('other') }, 'update-untrusted'],
  ['with no signature', { signature: '' }, 'update-untrusted'],
  ['with a page in place of a signature', { signature: '<html></html>' }, 'update-untrusted'],
  ['signed with another key', { signature: newKeyPair().sign(TEXT) }, 'update-untrusted'],
  ['checked with another key', { publicKey: newKeyPair().publicKey }, 'update-untrusted'],
  ['checked with what is no key', { publicKey: 'AAAA' }, 'update-untrusted'],
  [
    'signed with a key of another kind',
    {
      signature: sign('sha256', Buffer.from(TEXT), rsa.privateKey).toString('base64'),
      publicKey: rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    },
    'update-untrusted',
  ],
  ['beta, in place of the stable one', signed(feedText('2.0.0-beta.1', file)), 'update-untrusted'],
  ['signed, and no feed', signed('<html></html>'), 'update-untrusted'],
  ['signed, and no YAML', signed('a: [b'), 'update-untrusted'],
  ['without a hash', signed(TEXT.replaceAll(/ *sha512: .*\n/gu, '')), 'update-untrusted'],
  ['with a version that is none', signed(TEXT.replace('2.0.0', 'latest')), 'update-untrusted'],
  ['older than what is running', { running: '2.1.0' }, 'update-older'],
  [
    'older by being a beta',
    { ...signed(feedText('2.0.0-beta.1', file)), channel: 'beta', running: '2.0.0' },
    'update-older',
  ],
  ['with nothing for this kind', { kind: 'deb' }, 'update-unreachable'],
  ['for a person to fetch', { kind: 'by-hand' }, 'opened 2.0.0'],
])('a feed %s', (_name, feed, outcome) => {
  expect(codeOf(feed)).toBe(outcome)
})

test('what is left of a feed is what is used of it: no parts of a web installer, and the files of this kind alone', () => {
  const more = `${TEXT.replace('files:\n', 'files:\n  - url: b.deb\n    sha512: x\n')}packages:\n  x64: {}\n`
  const hash = /sha512: (\S{88})/u.exec(TEXT)?.[1] ?? ''
  const opened = openFeed({ ...good, ...signed(more.replace('sha512: x\n', `sha512: ${hash}\n`)) })
  expect(opened).not.toHaveProperty('packages')
  expect(opened.files.map(({ url }) => url)).toEqual(['App-2.0.0.AppImage'])
})

describe('what is new', () => {
  const feed = openFeed(good)
  test.each([
    ['nothing', undefined, ''],
    ['a text', ' one\ntwo \n', 'one\ntwo'],
    [
      'a list',
      [
        { version: '2.0.0', note: 'a' },
        { version: '1.9.0', note: null },
      ],
      '2.0.0\na\n\n1.9.0',
    ],
    ['too much', 'x'.repeat(9000), 'x'.repeat(4000)],
  ])('from %s', (_name, releaseNotes, notes) => {
    expect(notesOf({ ...feed, releaseNotes })).toBe(notes)
  })
})
