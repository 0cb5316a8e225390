import * as z from 'zod/mini'
import { Metrics } from '@/contracts/admin'
import type { plainAddresses } from '@/contracts/all'
import { Health, Readiness } from '@/contracts/health'
import { Failure } from './refusals'

type ContentType = 'application/json' | 'text/plain' | 'application/openmetrics-text'

/** What is answered without a command. */
export interface PlainAddress {
  text: string
  /** Who may, as `securitySchemes` names it. */
  security?: 'service'
  /** By status. */
  answers: Record<number, { text: string; content?: Partial<Record<ContentType, z.ZodMiniType | 'text'>> }>
}

const alive = { 200: { text: 'It lives.', content: { 'application/json': Health } } } as const
const ready = { text: 'Whether it can serve.', content: { 'application/json': Readiness } } as const
const prometheus = { 'text/plain': 'text', 'application/openmetrics-text': 'text' } as const
const figures = {
  text: 'Figures of this process: JSON, or Prometheus text where `Accept` prefers that. Open while APP_ENV is not strict, or with METRICS_PUBLIC=true.',
  security: 'service',
  answers: { 200: { text: 'The figures.', content: { 'application/json': Metrics, ...prometheus } } },
} as const

const noGoogle = { text: 'There is no sign-in with Google here.', content: { 'application/json': Failure } } as const

/** Of both ports; those of port 3000 are the contract's. */
export const plain: Record<(typeof plainAddresses)[number] | `GET /${string}`, PlainAddress> = {
  'GET /api/health': {
    text: 'Whether the web process lives.',
    answers: {
      200: {
        text: 'It lives.',
        content: { 'application/json': z.object({ status: z.literal('ok'), service: z.literal('web') }) },
      },
    },
  },
  'GET /api/metrics': {
    ...figures,
    answers: { 200: { text: 'The figures.', content: { 'text/plain': 'text' } } },
    text: 'Figures of the web process, as Prometheus text. Open while APP_ENV is not strict, or with METRICS_PUBLIC=true.',
  },
  'GET /api/auth/google': {
    text: 'To Google, to sign in there. A page of this server, no answer for programs.',
    answers: { 302: { text: 'There, or back to the sign-in page with what went wrong.' }, 404: noGoogle },
  },
  'GET /api/auth/google/callback': {
    text: 'Where Google sends browsers back to.',
    answers: { 302: { text: 'Signed in, or back to the sign-in page with what went wrong.' }, 404: noGoogle },
  },
  'GET /api/mail/unsubscribe': {
    text: 'What a digest’s `List-Unsubscribe` names, opened by a person. Changes nothing.',
    answers: { 302: { text: 'To a page with a button.' } },
  },
  'GET /health': { text: 'Whether the socket process lives: always 200 while it does.', answers: alive },
  'GET /health/live': {
    text: 'The same, for orchestrators.',
    answers: { 200: { text: 'It lives.', content: { 'application/json': z.object({ status: z.literal('ok') }) } } },
  },
  'GET /health/ready': {
    text: 'Whether the socket process can serve: not while it starts, drains or has no database.',
    answers: { 200: ready, 503: ready },
  },
  'GET /metrics': figures,
}
