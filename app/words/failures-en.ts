import type { Failures, FailureWords } from './failures.ts'

/** Something that may go by itself. */
function passing(why: string, hint = ''): FailureWords & { readonly waiting: string } {
  const rest = hint && ` ${hint}`
  return { why, action: `Try again later.${rest}`, waiting: `It will be retried automatically.${rest}` }
}

const IF_IT_STAYS = 'If it still fails, check the network or proxy.'
const STARTS_OVER = 'It will start over automatically.'

export const failuresEn: Failures = {
  'file-missing': {
    why: 'The file is no longer on this computer',
    action: 'If it was moved or renamed, add it again from its new location.',
  },
  'file-unreadable': {
    why: 'No permission to read this file',
    action: 'Check its permissions, or close the program that is using it, then retry.',
  },
  'file-unwritable': {
    why: 'The file can’t be saved there',
    action: 'Check the disk space and folder permissions, or choose another location.',
  },
  'not-a-file': {
    why: 'Not a regular file, so it can’t be uploaded',
    about: 'Not a regular file ({detail}), so it can’t be uploaded',
    action: 'Links and special files are not uploaded. Add the file it points to instead.',
  },
  'file-too-large': {
    why: 'Larger than 10 GB, the limit of 123pan',
    action: 'Split it into volumes and upload those.',
  },
  'file-changed': {
    why: 'The file kept changing during the upload',
    action: 'Retry once it is no longer being written.',
    waiting: STARTS_OVER,
  },
  'folder-unreadable': {
    why: 'No permission to read this folder',
    about: 'No permission to read the folder “{detail}”',
    action: 'Check its permissions, then add it again.',
  },
  'file-locked': {
    why: 'Another program is using this file',
    action: 'Close it there, then retry.',
    waiting: 'It goes up automatically once it is closed there.',
  },
  'name-clash': {
    why: 'Another name in this folder differs only by upper and lower case or accents',
    action: 'Rename one of them.',
  },
  'name-encoding': {
    why: 'The name contains characters that can’t be read (it isn’t UTF-8)',
    about: 'The name “{detail}” contains characters that can’t be read (it isn’t UTF-8)',
    action: 'Rename it, then add it again.',
  },
  'name-blank': { why: 'The name is only spaces', action: 'Rename it, then add it again.' },
  'name-too-long': {
    why: 'The name is too long: at most 255 characters',
    about: 'The name has {detail} characters: at most 255 are allowed',
    action: 'Shorten it, then add it again.',
  },
  'name-character': {
    why: 'The name contains a character 123pan doesn’t allow',
    about: '123pan doesn’t allow “{detail}” in names',
    action: 'Rename it, then add it again.',
  },
  offline: {
    why: 'Can’t connect to 123pan',
    action: 'Check the network, then retry.',
    waiting: 'It resumes automatically once 123pan is back.',
  },
  'proxy-failed': {
    why: 'Can’t connect to 123pan through the proxy',
    about: 'Can’t connect to 123pan through the proxy {detail}',
    action: 'Check the proxy’s address, username and password, then retry.',
    waiting:
      'It resumes automatically once the proxy works. Check the proxy’s address, username and password.',
  },
  'connection-lost': passing('The connection was lost during the upload', IF_IT_STAYS),
  timeout: passing('The server didn’t respond in time', IF_IT_STAYS),
  'slow-uplink': passing(
    'The upload was too slow, so the server closed the connection',
    'Try another network or a less busy time.',
  ),
  'insecure-server': {
    why: 'The upload server has no encryption, so your credential wasn’t sent',
    about: 'The upload server {detail} has no encryption, so your credential wasn’t sent',
    action: 'Try again later: usually another server is assigned.',
  },
  'rate-limited': passing('123pan is limiting requests'),
  server: passing('123pan had a server error'),
  'malformed-answer': passing(
    'The server’s response wasn’t understood',
    'If it still fails, check for a proxy or a network sign-in page.',
  ),
  busy: passing('The server is too busy to check for an instant upload'),
  verifying: passing(
    'The server is still verifying the file',
    'If the content has arrived, that will be instant.',
  ),
  'verify-timeout': {
    why: 'The server took too long to verify the file',
    action: 'Retry. If the content has arrived, that will be instant.',
  },
  integrity: {
    why: 'The content the server received differs from the file',
    action: 'Retry to upload it from the start.',
    waiting: STARTS_OVER,
  },
  'upload-expired': {
    why: 'This upload has expired on the server',
    action: 'Retry to upload it from the start.',
    waiting: STARTS_OVER,
  },
  'name-taken': {
    why: 'A file with this name already exists',
    action: 'Retry and choose to overwrite, keep both or skip.',
  },
  'name-refused': {
    why: '123pan doesn’t accept this name',
    about: '123pan doesn’t accept the name “{detail}”',
    action: 'Rename it, then add it again.',
  },
  ambiguous: {
    why: 'Several files in 123pan could be the one that was sent',
    about: 'Several files in 123pan could be “{detail}”',
    action: 'Open the folder in 123pan, delete the extra ones, then retry.',
  },
  'parent-missing': {
    why: 'The destination folder no longer exists',
    action: 'Retry to recreate it, or change the destination first.',
    waiting: 'It will be retried automatically, which recreates the folder.',
  },
  'not-found': { why: '123pan can’t find this file', action: 'Please retry.' },
  'quota-exceeded': {
    why: '123pan is full',
    about: '123pan is full: {detail} short',
    action: 'Free up space or upgrade, then retry.',
    waiting: 'Free up space or upgrade. It resumes automatically once there is room.',
  },
  'traffic-exhausted': {
    why: 'The account’s traffic allowance is used up',
    action: 'Wait for it to renew or buy more, then retry.',
  },
  refused: {
    why: '123pan refused the request',
    action: 'Retry. If it still fails, send the diagnostics to support.',
  },
  'signed-out': { why: 'Not signed in', action: 'Sign in, then retry.' },
  unauthorized: { why: 'The sign-in is no longer valid', action: 'Sign in again, then retry.' },
  'token-limit': {
    why: 'Signed in in too many places at once, so this one was signed out',
    action: 'Sign in again. A client ID works in at most three places at once.',
  },
  'credentials-refused': {
    why: '123pan doesn’t accept these credentials',
    action: 'Check that they were copied completely, or get new ones from the developer portal.',
  },
  'other-account': {
    why: 'This file was added for another account',
    action: 'Sign in to that account, or retry to upload it to this one.',
  },
  'keychain-unavailable': {
    why: 'This computer has no usable system keychain',
    action: 'The credential is not written to disk. Sign in for this session, and again after quitting.',
  },
  cancelled: { why: 'Cancelled', action: 'Retry at any time.' },
  'invalid-argument': {
    why: 'Internal error: invalid request',
    action: 'Retry. If it still fails, send us the diagnostics.',
  },
  'queue-set-aside': {
    why: 'The earlier transfer list couldn’t be read',
    about: 'The earlier transfer list couldn’t be read; it was saved as {detail}',
    action: 'Add the files again; those already uploaded aren’t sent again.',
  },
  'data-folder-unusable': {
    why: 'The data folder of this app can’t be used',
    action: 'Check that it is a folder, that you can write to it, and that the disk is not full.',
  },
  'data-folder-held': {
    why: 'Another 123pan Sync or pan123 is using the same data',
    action: 'Quit it, then open this app again.',
  },
  'update-untrusted': {
    why: 'The update failed the signature check and was not installed',
    action:
      'This version is unaffected. Check again later; if it stays so, download the new version from the official page.',
  },
  'update-unreachable': {
    why: 'Can’t get version information from the update server',
    action: 'Check the network or proxy, then check again.',
  },
  'update-older': {
    why: 'The update server only has an older version',
    about: 'The update server only has the older version {detail}',
    action: 'Nothing is downgraded: this version is the newer one.',
  },
  'update-cut': {
    why: 'The update wasn’t fully downloaded: the connection was lost',
    action: 'This version is unaffected. Check the network, then try again.',
  },
  'update-unwritable': {
    why: 'The update can’t be written to disk',
    action:
      'This version is unaffected. Make sure that the disk isn’t full and that the place of installation can be written to, then try again.',
  },
  'update-not-installed': {
    why: 'The system didn’t install the update',
    action: 'This version is unaffected. Try again, and don’t cancel if the system asks for a password.',
  },
  interrupted: passing('A background task stopped unexpectedly'),
  internal: { why: 'Internal error', action: 'Retry. If it still fails, send us the diagnostics.' },
}
