import { findUsers } from '@/contracts/users'
import { route } from '@/server/web/routes'

export const GET = route.user(findUsers, { name: 'findUsers', from: 'query' }, ({ app, user }, input) =>
  app.users.find(user, input.query),
)
