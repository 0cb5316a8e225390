import { halfOpen, portBlocked, slicedAndCut, upgradeRefused, upgradeSwallowed } from './connectionFaults'
import { commitAnswerReset, databaseRestart, frozenDatabase, listenCut } from './databaseFaults'
import { instanceKilled, rollingRestart } from './instanceFaults'
import { instancesLoad, withoutRedis } from './instances'
import { killedForGood, restartedWithoutThem } from './presenceFaults'
import { kill, terminate } from './processFaults'
import { redisEmptied, redisFrozen, redisKilled, redisSlow } from './redisFaults'
import { redisOutageLong } from './redisOutageLong'
import { revoked } from './revoked'
import { joins, reads, retries } from './rounds'
import type { Scenario } from './scenario'
import { slowReader } from './slowReader'
import { stampede } from './stampede'
import { asleep, queueMarksNothingRead, tabClosed } from './visits'
import { webhooksKilled } from './webhooks'

/** Every fault, in the order they are run. */
export const scenarios: readonly Scenario[] = [
  kill,
  terminate,
  killedForGood,
  restartedWithoutThem,
  databaseRestart,
  frozenDatabase,
  commitAnswerReset,
  halfOpen,
  slowReader,
  portBlocked,
  slicedAndCut,
  upgradeRefused,
  upgradeSwallowed,
  listenCut,
  asleep,
  tabClosed,
  queueMarksNothingRead,
  retries,
  joins,
  reads,
  instancesLoad,
  redisKilled,
  redisFrozen,
  redisEmptied,
  redisSlow,
  instanceKilled,
  rollingRestart,
  stampede,
  revoked,
  redisOutageLong,
  withoutRedis,
  webhooksKilled,
]
