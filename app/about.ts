/** What the program is, and where it runs. No name of a person, and nothing that signs in. */
export interface AppInfo {
  readonly version: string
  readonly electron: string
  readonly chromium: string
  readonly node: string
  /** Its name, version and processor: `Linux 6.8.0 x64`. */
  readonly system: string
  /** As Node names it: `win32`. */
  readonly platform: string
  readonly dataFolder: string
  /** The person's own folder, for paths to be shown shorter. */
  readonly home: string
  readonly apiUrl: string
}

/** Of software by others that the app brings along. */
export interface Licence {
  readonly name: string
  readonly version: string
  /** As its author names it, mostly an SPDX expression: `MIT`. */
  readonly licence: string
  readonly text: string
}
