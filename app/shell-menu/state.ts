/** Thunar keeps its entries in a file of the person's. `none`: there is no Thunar. `damaged`, `linked`: the file is left as it is. */
export type ThunarEntries = 'none' | 'on' | 'off' | 'damaged' | 'linked'

/** Who makes the entries in the file manager's menu, and whether they are there and call this program. */
export type ShellMenuState =
  /** Run from its sources: there is no program that they could call. */
  | { readonly by: 'nobody' }
  /** Windows: with the program, and away with it. */
  | { readonly by: 'installer' }
  /** Linux: of all users. Only Thunar's are a person's own. */
  | { readonly by: 'package'; readonly thunar: ThunarEntries }
  | { readonly by: 'person'; readonly on: boolean; readonly thunar: ThunarEntries }
