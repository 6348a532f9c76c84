import type { CliTexts } from './texts.ts'

export const textsEn: CliTexts = {
  usage: `pan123: upload files and folders to 123pan (123云盘)

  pan123 login [--token-stdin | --client-id ID --secret-stdin]
  pan123 logout
  pan123 whoami [--json]
  pan123 upload PATH... [--to /remote/dir] [--parent ID] [--on-duplicate fail|keep-both|overwrite|skip]
                [--exclude GLOB]... [--concurrency N] [--limit-rate SIZE] [--single-max SIZE] [--json]

Sizes: 512K, 8M, 1G; --limit-rate is bytes a second, 16K at least.
Environment: PAN123_TOKEN, or PAN123_CLIENT_ID and PAN123_CLIENT_SECRET;
PAN123_API_URL, PAN123_DATA_DIR, PAN123_RATE_LIMIT=off.
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
    folderName: (name) => `--to: the drive does not take the folder name: ${name}`,
    dots: '--to: a path from the root, without . and ..',
    choice: (option, choices, given) => `${option}: ${choices.join(', ')}, not ${given}`,
    size: (option, given) => `${option}: a size such as 512K or 8M, not ${given}`,
    atLeast: (option, least) => `${option}: at least ${least}`,
    atMost: (option, most) => `${option}: at most ${most}`,
    whole: (option, least, most, given) => `${option}: a whole number from ${least} to ${most}, not ${given}`,
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
  duration: (minutes, seconds) => (minutes > 0 ? `${minutes} min ${seconds} s` : `${seconds} s`),
  summary: ({ finished, instant, skipped, failed }, size, seconds, sent) =>
    `${finished} uploaded (${instant} instantly), ${skipped} skipped, ${failed} failed; ` +
    `${size} in ${seconds} s, ${sent} sent`,
}
