// Rooms by runtime: the first folder of a file says where it runs.
//   client, components, hooks, contexts, theme: in a browser;   worker: in its service worker;   lib, server, app: in Node;   contracts, services: anywhere
// Imports run one way:
//   server, app → lib → services → contracts;   components → hooks → contexts → client → contracts
// Imports of types count like any other: a layer that needs the other's types depends on it.

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
    to: { pathNot: '^src/contracts/|node_modules/zod/' },
  },
  {
    name: 'services-import-contracts-only',
    severity: 'error',
    comment: 'Business rules run anywhere and know no framework, driver or process: what they need is a port.',
    from: { path: '^src/services/' },
    to: { pathNot: '^src/(services|contracts)/|node_modules/zod/' },
  },
  {
    name: 'lib-above-services',
    severity: 'error',
    comment: 'Node: server, app → lib → services → contracts.',
    from: { path: '^src/lib/' },
    to: { path: '^src/', pathNot: '^src/(lib|services|contracts)/' },
  },
  {
    name: 'server-above-lib',
    severity: 'error',
    comment: 'Node: server, app → lib → services → contracts.',
    from: { path: '^src/server/' },
    to: { path: '^src/', pathNot: '^src/(server|lib|services|contracts)/' },
  },
  {
    name: 'client-above-contracts',
    severity: 'error',
    comment: "The browser's engine stands on the contracts alone: no React, no Node.",
    from: { path: '^src/client/' },
    to: { path: '^src/|node_modules/react', pathNot: '^src/(client|contracts)/' },
  },
  {
    name: 'contexts-above-client',
    severity: 'error',
    comment: 'Browser: components → hooks → contexts → client → contracts.',
    from: { path: '^src/contexts/' },
    to: { path: '^src/', pathNot: '^src/(contexts|client|contracts)/' },
  },
  {
    name: 'hooks-above-contexts',
    severity: 'error',
    comment: 'Browser: components → hooks → contexts → client → contracts.',
    from: { path: '^src/hooks/' },
    to: { path: '^src/', pathNot: '^src/(hooks|contexts|client|contracts)/' },
  },
  {
    name: 'components-above-hooks',
    severity: 'error',
    comment: 'Browser: components → hooks → contexts → client → contracts.',
    from: { path: '^src/components/' },
    to: { path: '^src/', pathNot: '^src/(components|hooks|client|theme|contracts)/' },
  },
  {
    name: 'components-reach-client-through-hooks',
    severity: 'error',
    comment: 'A component knows the types of the engine; what it does goes through a hook.',
    from: { path: '^src/components/' },
    to: { path: '^src/client/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'browser-imports-no-node',
    severity: 'error',
    comment: 'A browser has no Node modules.',
    from: { path: '^src/(client|contexts|hooks|components|theme)/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'worker-stands-alone',
    severity: 'error',
    comment: 'A service worker is a program of its own, without a page; every byte of it is looked at with each visit.',
    from: { path: '^src/worker/' },
    to: { pathNot: '^src/(worker|contracts)/' },
  },
  {
    name: 'only-the-build-takes-the-worker',
    severity: 'error',
    comment: 'A page knows the address of its service worker, nothing of its code.',
    from: { path: '^src/', pathNot: '^src/worker/' },
    to: { path: '^src/worker/' },
  },
  {
    name: 'embed-is-for-other-apps',
    severity: 'error',
    comment: 'What another app takes in place of our pages stands above everything, as they do.',
    from: { path: '^src/', pathNot: '^src/embed/' },
    to: { path: '^src/embed/' },
  },
  {
    name: 'db-implements-ports',
    severity: 'error',
    comment: 'The database layer knows the ports of the services, not who uses it.',
    from: { path: '^src/lib/db/' },
    to: { path: '^src/', pathNot: '^src/(lib/(db|env|bus)|services|contracts)/' },
  },
  {
    name: 'database-driver-in-its-place',
    severity: 'error',
    comment: 'Only the database layer, the bus and the sessions speak to PostgreSQL.',
    from: { path: '^src/', pathNot: '^src/lib/(db|auth|bus)/' },
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
    name: 'graphql-is-loaded-late',
    severity: 'error',
    comment:
      'It is loaded with the first request: a process that nobody asks by GraphQL has no memory to spare for it.',
    from: { path: '^src/', pathNot: '^src/lib/graphql/' },
    to: {
      path: 'node_modules/(graphql|@escape\\.tech)|^src/lib/graphql/(GraphqlServer|WebSocketProtocol|Operations|RequestContext|schema/|subscriptions/)',
      dynamic: false,
      dependencyTypesNot: ['type-only'],
    },
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
