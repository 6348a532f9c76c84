import type { CliTexts } from './texts.ts'

export const textsEn: CliTexts = {
  usage: `pan123: upload files and folders to 123pan (123云盘)

  pan123 login [--token-stdin | --client-id ID --secret-stdin]
  pan123 logout
  pan123 whoami [--json]
  pan123 upload PATH... [--to /remote/dir] [--parent ID] [--on-duplicate fail|keep-both|overwrite|skip]
                [--exclude GLOB]... [--concurrency N] [--limit-rate SIZE] [--single-max SIZE] [--json]
  pan123 sync LOCAL REMOTE [--mode backup|mirror] [--watch] [--dry-run] [--yes-delete] [--exclude GLOB]... [--json]
  pan123 list [--json]                         what is queued, under way, or failed
  pan123 pause [ID...] [--for 30m]             all, or some; for a while, or until resumed
  pan123 resume [ID...] [--json]               resumes what was paused, interrupted or failed
  pan123 retry ID...|--all [--on-duplicate …]  pan123 cancel ID...|--all  pan123 clear ID...|--all
  pan123 first ID...                           these before all others; last ID...: after them
  pan123 version                               which version this is

Sync brings the 123pan folder REMOTE in step with the folder LOCAL. backup (the default) deletes nothing in 123pan; mirror
moves to its recycle bin what was deleted here. --watch continues until interrupted; --dry-run only says what would be done;
--yes-delete allows many deletions without asking.

Sizes: 512K, 8M, 1G; --limit-rate is bytes a second, 16K at least.
Environment: PAN123_TOKEN, or PAN123_CLIENT_ID and PAN123_CLIENT_SECRET;
PAN123_API_URL, PAN123_DATA_DIR, PAN123_RATE_LIMIT=off;
HTTPS_PROXY, ALL_PROXY and NO_PROXY, for http, https and socks5 proxies.
Exit codes: 0 all done, 1 some failed, 2 usage, 3 not signed in, 4 sync halted for safety, 130 interrupted.
`,
  seeHelp: 'See: pan123 help',
  wrong: {
    command: (given) => `unknown command: ${given}`,
    option: (given) => `unknown option: ${given}; put a PATH that begins with - behind --`,
    valueMissing: (option) => `${option} needs a value; one that begins with - is written ${option}=VALUE`,
    valueTooMuch: (option) => `${option} takes no value`,
    argument: (given) => `unexpected argument: ${given}`,
    exclude: (one, other) => `${one} and ${other} exclude each other`,
    together: (one, other) => `${one} and ${other} go together`,
    localAndRemote: 'sync needs a LOCAL and a REMOTE folder',
    remoteName: (name) => `sync: 123pan doesn’t accept the folder name: ${name}`,
    remoteDots: 'sync: REMOTE is a path from the root, without . and ..',
    noPath: 'upload needs at least one PATH',
    emptyPath: 'upload: an empty PATH',
    folderName: (name) => `--to: 123pan doesn’t accept the folder name: ${name}`,
    dots: '--to: a path from the root, without . and ..',
    choice: (option, choices, given) => `${option}: ${choices.join(', ')}, not ${given}`,
    size: (option, given) => `${option}: a size such as 512K or 8M, not ${given}`,
    atLeast: (option, least) => `${option}: at least ${least}`,
    atMost: (option, most) => `${option}: at most ${most}`,
    whole: (option, least, most, given) => `${option}: a whole number from ${least} to ${most}, not ${given}`,
    while: (option, given) => `${option}: a while such as 90s, 30m or 2h, a week at most, not ${given}`,
    noID: (command) => `${command} needs at least one ID (see: pan123 list)`,
    noIDNorAll: (command) => `${command} needs an ID (see: pan123 list), or --all`,
    unknownID: (given) => `no transfer has an ID that begins with ${given} (see: pan123 list)`,
    severalIDs: (given) => `several IDs begin with ${given}: write more of it`,
    secret: 'That is no token or secret: empty, or with spaces in it',
    noTerminal: 'No terminal: use --token-stdin or --secret-stdin',
    address: (variable, given) => `${variable} is not a web address: ${given}`,
    openAddress: (variable, host) => `${variable} must begin with https, or the token would be open: ${host}`,
  },
  ask: {
    clientID: 'client ID (empty: paste an access token instead): ',
    token: 'access token: ',
    secret: 'client secret: ',
  },
  account: (name, uid, used, total) => `${name} (uid ${uid}), ${used} of ${total} used`,
  until: (day) => `, until ${day}`,
  signedOut: 'Signed out: the credential is deleted from the system keychain.',
  nobodyWasSignedIn: 'Nobody was signed in: the system keychain held no credential.',
  environmentStays: 'The credential in the environment still signs in while its variables are set.',
  phase: {
    hashing: 'hashing',
    creating: 'creating',
    uploading: 'uploading',
    completing: 'completing',
  },
  method: { instant: 'instant', single: 'single', sliced: 'sliced' },
  skipped: 'skipped',
  state: {
    queued: 'queued',
    hashing: 'hashing',
    creating: 'creating',
    uploading: 'uploading',
    completing: 'completing',
    waiting: 'waiting',
    paused: 'paused',
    done: 'done',
    skipped: 'skipped',
    failed: 'failed',
    cancelled: 'cancelled',
  },
  changed: {
    pause: (count) => `Paused ${some(count)}. Resume with: pan123 resume`,
    retry: (count) => `Queued ${some(count)} again.`,
    cancel: (count) => `Cancelled ${some(count)}.`,
    clear: (count) => `Removed ${some(count)} from the list, if finished.`,
    first: (count) => `${some(count)} will start first.`,
    last: (count) => `${some(count)} will start last.`,
  },
  planned: ({ upload, mkdir, move, trash, problems }) =>
    `Would upload ${upload}, create ${mkdir} folders, move or rename ${move}, move ${trash} to the recycle bin; ` +
    `${problems} can’t be synced`,
  trashed: 'to recycle bin:',
  moved: 'moved:',
  halted: {
    'root-missing': () =>
      'The local folder is not there. Is its disk connected? Nothing was changed in 123pan.',
    'root-emptied': () =>
      'The local folder is empty now. Nothing was changed in 123pan. ' +
      'To empty the folder there as well, run the command again with --yes-delete.',
    'root-replaced': () =>
      'Another folder stands where the synced one was. Nothing was changed in 123pan. Put the right one back, or sync to a new folder.',
    'root-unreadable': () =>
      'No permission to read the local folder. Check its permissions, then run the command again.',
    'remote-root-missing': () =>
      'The folder in 123pan is gone. Restore it from the recycle bin there, or sync to a new folder.',
    'mass-delete': (files, total) =>
      `${files} of ${total} files were deleted here. Nothing was deleted in 123pan. ` +
      'To move them to its recycle bin, run the command again with --yes-delete.',
    'other-account': () =>
      'This folder was synced to another account. Sign in to that one, or sync to a new folder.',
  },
  goesOnElsewhere: (count) => `${count} to upload; the program that is running continues with it.`,
  held: {
    battery: 'The app holds uploads up while on battery. They resume once the computer is plugged in.',
    metered: 'The app holds uploads up on a metered network. They resume on another one.',
  },
  limited: (duration) => `123pan is limiting requests. Resuming in ${duration}`,
  duration: (minutes, seconds) => (minutes > 0 ? `${minutes} min ${seconds} s` : `${seconds} s`),
  summary: ({ finished, instant, skipped, failed }, size, seconds, sent) =>
    `${finished} uploaded (${instant} instantly), ${skipped} skipped, ${failed} failed; ` +
    `${size} in ${seconds} s, ${sent} sent`,
}

function some(count: number | undefined): string {
  if (count === undefined) return 'all'
  return count === 1 ? '1 transfer' : `${count} transfers`
}
