import { may, type Permission } from '@/contracts/permissions'
import { useAuth } from './useAuth'

/** Whether this person may do that, at this moment. Only what a page offers hangs on it: the server asks for itself. */
export const useMay = (permission: Permission): boolean => {
  const { user } = useAuth()
  return user !== null && may(user, permission)
}
