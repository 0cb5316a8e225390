/** The list as a page. */
export const notificationsPath = '/notifications'
