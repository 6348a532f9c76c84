import type { CliTexts } from './texts.ts'

export const textsEn: CliTexts = {
  usage: `pan123: upload files and folders to 123pan (123云盘)

  pan123 login [--token-stdin | --client-id ID --secret-stdin]
  pan123 logout
  pan123 whoami [--json]
  pan123 upload PATH... [--to /remote/dir] [--parent ID] [--on-duplicate fail|keep-both|overwrite|skip]
                [--exclude GLOB]... [--concurrency N] [--limit-rate SIZE] [--single-max SIZE] [--json]
  pan123 list [--json]                         what is queued, under way, or failed
  pan123 pause [ID...] [--for 30m]             all, or some; for a while, or until resumed
  pan123 resume [ID...] [--json]               resumes what was paused, interrupted or failed
  pan123 retry ID...|--all [--on-duplicate …]  pan123 cancel ID...|--all  pan123 clear ID...|--all
  pan123 first ID...                           these before all others; last ID...: after them

Sizes: 512K, 8M, 1G; --limit-rate is bytes a second, 16K at least.
Environment: PAN123_TOKEN, or PAN123_CLIENT_ID and PAN123_CLIENT_SECRET;
PAN123_API_URL, PAN123_DATA_DIR, PAN123_RATE_LIMIT=off;
HTTPS_PROXY, ALL_PROXY and NO_PROXY, for http, https and socks5 proxies.
Exit codes: 0 all done, 1 some failed, 2 usage, 3 not signed in, 130 interrupted.
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
  goesOnElsewhere: (count) => `${count} to upload; the program that is running continues with it.`,
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
