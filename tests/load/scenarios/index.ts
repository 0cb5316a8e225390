import { catchup } from './catchup'
import { connect, idle } from './connections'
import { encoding } from './encoding'
import { http, notifications } from './http'
import { instances } from './instances'
import { overload } from './overload'
import { group, history } from './rooms'
import type { Scenario } from './Scenario'
import { search } from './search'
import { filled, fresh } from './tables'
import { mixed, paced, pairs, room } from './throughput'

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [
  ...[pairs, room, group, mixed, paced, overload, connect, idle, catchup, history],
  ...[http, notifications, instances, fresh, filled, search, encoding],
]
