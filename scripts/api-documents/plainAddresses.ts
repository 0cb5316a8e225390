import type * as z from 'zod/mini'
import type { plainAddresses } from '@/contracts/all'
import { Health, Readiness } from '@/contracts/health'

/** What is answered without a command. */
export interface PlainAddress {
  text: string
  /** Who may, as `securitySchemes` names it. */
  security?: 'service'
  /** By status. */
  answers: Record<number, { text: string; type?: 'application/json' | 'text/plain'; schema?: z.ZodMiniType }>
}

const alive = { 200: { text: 'It lives.', type: 'application/json', schema: Health } } as const
const ready = { text: 'Whether it can serve.', type: 'application/json', schema: Readiness } as const
const figures = {
  text: 'Figures of this process: JSON, or Prometheus text where `Accept` prefers that. Open while APP_ENV is not strict, or with METRICS_PUBLIC=true.',
  security: 'service',
  answers: { 200: { text: 'The figures.', type: 'text/plain' } },
} as const

/** Of both ports; those of port 3000 are the contract's. */
export const plain: Record<(typeof plainAddresses)[number] | `GET /${string}`, PlainAddress> = {
  'GET /api/health': { text: 'Whether the web process lives.', answers: { 200: { text: 'It lives.' } } },
  'GET /api/metrics': {
    ...figures,
    text: 'Figures of the web process, as Prometheus text. Open while APP_ENV is not strict, or with METRICS_PUBLIC=true.',
  },
  'GET /api/auth/google': {
    text: 'To Google, to sign in there. A page of this server, no answer for programs.',
    answers: { 302: { text: 'There, or back to the sign-in page with what went wrong.' } },
  },
  'GET /api/auth/google/callback': {
    text: 'Where Google sends browsers back to.',
    answers: { 302: { text: 'Signed in, or back to the sign-in page with what went wrong.' } },
  },
  'GET /api/mail/unsubscribe': {
    text: 'What a digest’s `List-Unsubscribe` names, opened by a person. Changes nothing.',
    answers: { 302: { text: 'To a page with a button.' } },
  },
  'GET /health': { text: 'Whether the socket process lives: always 200 while it does.', answers: alive },
  'GET /health/live': { text: 'The same, for orchestrators.', answers: { 200: { text: 'It lives.' } } },
  'GET /health/ready': {
    text: 'Whether the socket process can serve: not while it starts, drains or has no database.',
    answers: { 200: ready, 503: ready },
  },
  'GET /metrics': figures,
}
