/** What may import what, beyond what the TypeScript projects already forbid. Reasons: ARCHITECTURE.md. */
const ELECTRON = 'node_modules/electron/|^electron$|node_modules/electron-(?:store|updater)/'
const rule = (name, from, to) => ({ name, severity: 'error', from, to })

module.exports = {
  forbidden: [
    rule('no-cycles', {}, { circular: true }),
    rule('no-orphans', { orphan: true, pathNot: '\\.d\\.ts$|\\.config\\.|^test/|^build/.*\\.cjs$' }, {}),
    rule('app-is-pure', { path: '^app/' }, { pathNot: '^app/' }),
    rule('renderer-stays-outside', { path: '^renderer/' }, { path: '^(main|preload|build|test)/' }),
    rule('renderer-has-no-node', { path: '^renderer/' }, { dependencyTypes: ['core'] }),
    rule('renderer-has-no-electron', { path: '^renderer/' }, { path: ELECTRON }),
    rule('preload-is-thin', { path: '^preload/' }, { pathNot: `^(app|preload)/|${ELECTRON}` }),
    rule(
      'electron-only-in-desktop',
      { path: '^main/', pathNot: '^main/((start|index)\\.ts$|desktop/)' },
      { path: ELECTRON },
    ),
    rule(
      'headless-never-reaches-electron',
      { path: '^main/(workers/|engine/|cli\\.ts$)' },
      { path: ELECTRON, reachable: true },
    ),
    rule(
      'keytar-only-in-keychain',
      { path: '^main/', pathNot: '^main/session/keychain\\.ts$' },
      { path: 'node_modules/keytar/' },
    ),
    rule('nothing-imports-tests', { path: '^(app|main|preload|renderer)/' }, { path: '^test/' }),
    rule('no-unresolved', { pathNot: '^(test|build)/' }, { couldNotResolve: true }),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
}
