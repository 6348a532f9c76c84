import type { Failures, FailureWords } from './failures.ts'

/** Something that may go by itself. */
function passing(why: string, hint = ''): FailureWords & { readonly waiting: string } {
  const rest = hint && ` ${hint}`
  return { why, action: `Retry later.${rest}`, waiting: `It is retried shortly.${rest}` }
}

const IF_IT_STAYS = 'If this keeps happening, check the network or proxy.'
const STARTS_OVER = 'It starts over by itself shortly.'

export const failuresEn: Failures = {
  'file-missing': {
    why: 'The file is no longer on this computer',
    action: 'If it was moved or renamed, add it again from its new place.',
  },
  'file-unreadable': {
    why: 'No permission to read this file',
    action: 'Check its permissions, or close the program that is using it, then retry.',
  },
  'file-unwritable': {
    why: 'The file can’t be written there',
    action: 'Check the disk’s space and the folder’s permissions, or choose another place.',
  },
  'not-a-file': {
    why: 'Not a regular file, so it can’t be uploaded',
    about: 'Not a regular file ({detail}), so it can’t be uploaded',
    action: 'Links and special files are not uploaded. Add the file it points to.',
  },
  'file-too-large': {
    why: 'Larger than 10 GB, which the drive does not take',
    action: 'Split it into volumes and upload those.',
  },
  'file-changed': {
    why: 'The file kept changing while it was uploaded',
    action: 'Retry once it is no longer being written.',
    waiting: STARTS_OVER,
  },
  'folder-unreadable': {
    why: 'No permission to read this folder',
    about: 'No permission to read the folder “{detail}”',
    action: 'Check its permissions, then add it again.',
  },
  'name-blank': { why: 'The name is only spaces', action: 'Rename it, then add it again.' },
  'name-too-long': {
    why: 'The name is too long: 255 characters at most',
    about: 'The name has {detail} characters: 255 at most',
    action: 'Shorten it, then add it again.',
  },
  'name-character': {
    why: 'The name has a character the drive does not allow',
    about: 'The drive does not allow “{detail}” in a name',
    action: 'Rename it, then add it again.',
  },
  offline: {
    why: '123pan can’t be reached',
    action: 'Check the network, then retry.',
    waiting: 'It goes on by itself once 123pan can be reached.',
  },
  'proxy-failed': {
    why: '123pan can’t be reached through the proxy',
    about: '123pan can’t be reached through the proxy {detail}',
    action: 'Check the proxy’s address, user name and password, then retry.',
    waiting: 'It goes on by itself once it can. Check the proxy’s address, user name and password.',
  },
  'connection-lost': passing('The connection broke on the way', IF_IT_STAYS),
  timeout: passing('The server did not answer in time', IF_IT_STAYS),
  'slow-uplink': passing(
    'The uplink was too slow and the server hung up',
    'Another network or a quieter hour helps.',
  ),
  'insecure-server': {
    why: 'The upload server has no encryption, so your credential was not sent',
    about: 'The upload server {detail} has no encryption, so your credential was not sent',
    action: 'Retry later: another server is usually given.',
  },
  'rate-limited': passing('The server asks us to slow down'),
  server: passing('The drive’s server had an error'),
  'malformed-answer': passing(
    'The server’s answer made no sense',
    'If this keeps happening, check for a proxy or a network sign-in page.',
  ),
  busy: passing('The server is too busy to check for an instant upload'),
  verifying: passing(
    'The server is still checking the file',
    'If the content did arrive, that will be instant.',
  ),
  'verify-timeout': {
    why: 'The server took too long to check the file',
    action: 'Retry. If the content did arrive, that will be instant.',
  },
  integrity: {
    why: 'What the server received differs from the file',
    action: 'Retry: the file starts over.',
    waiting: STARTS_OVER,
  },
  'upload-expired': {
    why: 'This upload has expired on the server',
    action: 'Retry: the file starts over.',
    waiting: STARTS_OVER,
  },
  'name-taken': {
    why: 'A file with this name is already there',
    action: 'Retry, and choose to overwrite, keep both or skip.',
  },
  'name-refused': {
    why: 'The drive does not accept this name',
    about: 'The drive does not accept the name “{detail}”',
    action: 'Rename it, then add it again.',
  },
  ambiguous: {
    why: 'More than one file there could be the one that was sent',
    about: 'More than one file there could be “{detail}”',
    action: 'Look into the folder on the drive, delete what is too many, then retry.',
  },
  'parent-missing': {
    why: 'The destination folder is gone',
    action: 'Retry to create it again, or change the destination first.',
    waiting: 'It is retried shortly, which creates the folder again.',
  },
  'not-found': { why: 'The drive can’t find this file', action: 'Please retry.' },
  'quota-exceeded': {
    why: 'The drive is full',
    about: 'The drive is full: {detail} are missing',
    action: 'Free some space or upgrade, then retry.',
    waiting: 'Free some space or upgrade: it goes on by itself once there is room.',
  },
  'traffic-exhausted': {
    why: 'The account’s traffic is used up',
    action: 'Wait for it to renew or buy more, then retry.',
  },
  refused: {
    why: 'The drive refused the request',
    action: 'Retry. If that fails, send the diagnostics to support.',
  },
  'signed-out': { why: 'Not signed in', action: 'Sign in, then retry.' },
  unauthorized: { why: 'The sign-in is no longer valid', action: 'Sign in again, then retry.' },
  'token-limit': {
    why: 'This app is signed in at too many places, and this one was dropped',
    action: 'Sign in again. One client ID works at three places at most.',
  },
  'credentials-refused': {
    why: 'The drive does not accept these credentials',
    action: 'Check that they are complete, or get new ones from the developer portal.',
  },
  'other-account': {
    why: 'This file was queued for another account',
    action: 'Sign in to that account, or retry to put it into this one.',
  },
  'keychain-unavailable': {
    why: 'This computer has no usable system keychain',
    action:
      'The credential is not written to disk. Use it for this session only, and sign in again after quitting.',
  },
  cancelled: { why: 'Cancelled', action: 'Retry whenever you like.' },
  'invalid-argument': {
    why: 'Internal error: the request was wrong',
    action: 'Retry. If that fails, send us the diagnostics.',
  },
  'queue-set-aside': {
    why: 'The list of earlier transfers could not be read',
    about: 'The list of earlier transfers could not be read; it is kept as {detail}',
    action: 'Add the files again: what has arrived is not sent again.',
  },
  'data-folder-unusable': {
    why: 'The folder for this program’s own data can’t be used',
    action: 'Check that it is a folder, that you may write to it, and that the disk is not full.',
  },
  'data-folder-held': {
    why: 'Another 123pan Sync or pan123 is using the same data',
    action: 'Quit that one, then open this app again.',
  },
  interrupted: passing('A background task of the app stopped unexpectedly'),
  internal: { why: 'Internal error', action: 'Retry. If that fails, send us the diagnostics.' },
}
