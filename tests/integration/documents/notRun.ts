/** Blocks of commands that no test can run, by their document and how they begin, and why. */
export interface NotRun {
  document: string
  begins: string
  because: string
}

const ci = 'The tests of the repository begin with it.'
const servesUntilStopped = 'It serves until it is stopped; tests/integration/runtime and tests/e2e start it.'
const measures = 'It takes minutes; tests/integration/tooling/bench.test.ts runs it in small.'
const docker = 'It needs Docker; tests/unit/deployment and tests/integration/deployment hold the files.'
const cluster = 'It needs a cluster; tests/unit/deployment holds the files.'

export const notRun: readonly NotRun[] = [
  {
    document: 'README.md',
    begins: 'npx -y pnpm@10.34.9 install && npx -y pnpm@10.34.9 start',
    because: servesUntilStopped,
  },
  { document: 'README.md', begins: 'npx -y pnpm@10.34.9 install && npx -y pnpm@10.34.9 test', because: ci },
  { document: 'README.md', begins: 'docker compose', because: docker },
  { document: 'CONTRIBUTING.md', begins: 'pnpm install', because: servesUntilStopped },
  { document: 'CONTRIBUTING.md', begins: 'pnpm validate', because: 'It is the tests, and more.' },
  { document: 'docs/deployment/processes.md', begins: 'pnpm build', because: servesUntilStopped },
  { document: 'docs/development/websocket-env-setup.md', begins: 'pnpm dev', because: servesUntilStopped },
  { document: 'docs/development/websocket-env-setup.md', begins: 'HOST=::', because: servesUntilStopped },
  { document: 'docs/development/websocket-env-setup.md', begins: 'SOCKET_PORT=3002', because: servesUntilStopped },
  {
    document: 'docs/monitoring/dashboards/socket-dashboard.md',
    begins: 'pnpm generate:dashboard',
    because: 'It writes into the repository; tests/unit/monitoring/dashboard.test.ts does the same without.',
  },
  {
    document: 'examples/headless/README.md',
    begins: 'TANDEM_EMAIL=',
    because: 'It waits for what is typed; tests/integration/client/headless.test.ts types.',
  },
  { document: 'docs/performance.md', begins: 'pnpm bench', because: measures },
  { document: 'docs/deployment/compose.md', begins: 'cat > .env', because: docker },
  { document: 'docs/deployment/compose.md', begins: 'docker compose', because: docker },
  { document: 'docs/deployment/kubernetes.md', begins: 'docker build', because: docker },
  { document: 'docs/deployment/kubernetes.md', begins: 'kubectl', because: cluster },
]

/** Pages whose commands belong into another app: tests/adoption makes it, and follows the page by the letter. */
export const runInTheirApp = ['docs/adopt.md']
