// The layers of the source tree. Imports run one way:
//   server, app, namespaces → services → contracts;   components → hooks → contexts → sockets/client → contracts
// Imports of types count like any other: a layer that needs the other's types depends on it.

/** What runs in the browser. */
const browser = '^src/(components|contexts|hooks|theme|lib/sockets/client)/|^src/lib/http/client\\.'
/** What runs in Node only. */
const serverOnly = ['^src/(server|services|app)/', '^src/lib/(?!sockets/client/|http/client\\.)']

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const forbidden = [
  {
    name: 'no-cycle',
    severity: 'error',
    comment: 'Modules that import each other cannot be understood, tested or loaded one at a time.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-orphan',
    severity: 'error',
    comment: 'Nothing imports this, and it imports nothing: it is dead, or belongs elsewhere.',
    from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$|^src/app/' },
    to: {},
  },
  {
    name: 'resolvable',
    severity: 'error',
    comment: 'An import that cannot be resolved escapes every other rule here.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'declared',
    severity: 'error',
    comment: 'Import only packages that package.json names.',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-dev-dependency',
    severity: 'error',
    comment: 'What is shipped must not need a development dependency.',
    from: { path: '^src/' },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
  },
  {
    name: 'contracts-import-zod-only',
    severity: 'error',
    comment: 'Contracts are shared by browser, Next and socket server.',
    from: { path: '^src/contracts/' },
    to: { pathNot: ['^src/contracts/', 'node_modules/zod/'] },
  },
  {
    name: 'services-import-contracts-only',
    severity: 'error',
    comment: 'Business rules know no framework, driver or process: what they need is a port, implemented elsewhere.',
    from: { path: '^src/services/' },
    // Random ids are the one thing Node gives them.
    to: { pathNot: ['^src/(services|contracts)/', 'node_modules/zod/', '^crypto$'] },
  },
  {
    name: 'browser-imports-no-server-code',
    severity: 'error',
    comment: 'Code for the browser must not pull server code into the bundle, at whatever depth.',
    from: { path: browser },
    to: { path: serverOnly, reachable: true },
  },
  {
    name: 'browser-imports-no-node',
    severity: 'error',
    comment: 'A browser has no Node modules.',
    from: { path: browser },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'components-on-top',
    severity: 'error',
    comment: 'components → hooks → contexts → sockets/client, never back.',
    from: { path: '^src/(hooks|contexts|lib|services|contracts|server)/' },
    to: { path: '^src/(components|app)/' },
  },
  {
    name: 'hooks-above-contexts',
    severity: 'error',
    comment: 'components → hooks → contexts → sockets/client, never back.',
    from: { path: '^src/(contexts|lib)/' },
    to: { path: '^src/hooks/' },
  },
  {
    name: 'contexts-above-client',
    severity: 'error',
    comment: 'components → hooks → contexts → sockets/client, never back.',
    from: { path: '^src/lib/' },
    to: { path: '^src/contexts/' },
  },
  {
    name: 'client-imports-contracts-only',
    severity: 'error',
    comment: 'The browser side of sockets and HTTP stands on the contracts alone.',
    from: { path: '^src/lib/(sockets/client/|http/client\\.)' },
    to: { path: '^src/', pathNot: '^src/(lib/sockets/client|contracts)/|^src/lib/http/client\\.' },
  },
  {
    name: 'lib-below-entries',
    severity: 'error',
    comment: 'Composition roots import everything; nothing imports them.',
    from: { path: '^src/(lib|services|contracts|components|contexts|hooks)/' },
    to: { path: '^src/(server|app)/' },
  },
  {
    name: 'db-implements-ports',
    severity: 'error',
    comment: 'The database layer knows the ports of the services, not who uses it.',
    from: { path: '^src/lib/db/' },
    to: { path: '^src/', pathNot: '^src/(lib/(db|env)|services|contracts)/' },
  },
  {
    name: 'database-driver-in-its-place',
    severity: 'error',
    comment: 'Only the database layer speaks to PostgreSQL.',
    from: { path: '^src/', pathNot: '^src/lib/(db|auth|sockets/publishers)/' },
    to: { path: 'node_modules/(pg|@prisma/[^/]+)/|^src/lib/db/generated/' },
  },
  {
    name: 'socket-server-without-next',
    severity: 'error',
    comment: 'The socket process is plain Node: Next, React and `server-only` do not load there, at whatever depth.',
    from: { path: '^src/server/websocket-standalone\\.ts$' },
    to: { path: ['node_modules/(next|react|react-dom|server-only)/', '^src/server/web/'], reachable: true },
  },
  {
    name: 'source-imports-no-tests-or-scripts',
    severity: 'error',
    comment: 'What is shipped stands alone.',
    from: { path: '^src/' },
    to: { path: '^(tests|scripts)/' },
  },
]

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden,
  options: {
    doNotFollow: { path: ['node_modules', '^src/lib/db/generated/'] },
    exclude: { path: '^src/lib/db/generated/internal|\\.css$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
