import { halfOpen, portBlocked, slicedAndCut, upgradeRefused, upgradeSwallowed } from './connectionFaults'
import { commitAnswerReset, databaseRestart, frozenDatabase, listenCut } from './databaseFaults'
import { killedForGood, restartedWithoutThem } from './presenceFaults'
import { kill, terminate } from './processFaults'
import { joins, reads, retries } from './rounds'
import type { Scenario } from './scenario'
import { slowReader } from './slowReader'
import { asleep, queueMarksNothingRead, tabClosed } from './visits'

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
]
